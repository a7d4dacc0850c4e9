// The mail around the product, on loopback ports: a relay that takes what it sends (SMTP) and brings it what
// people write (LMTP).
import { createConnection, createServer } from "node:net";
import { freePort } from "./product.mjs";

const DESK = "aide@regie-numerique.example";
const RELAY = "mx.regie-numerique.example";

/** Starts the relay. */
export async function mailbox() {
  const letters = [];
  const server = createServer((socket) => receive(socket, (letter) => letters.push(letter)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const lmtp = await freePort();
  // As `regisseur serve --mail` reads it.
  const config = (site) => `name = "Régie Numérique"
from = "${DESK}"
site = "${site}"
trusted_relay = "${RELAY}"
lmtp = "127.0.0.1:${lmtp}"

[smtp]
host = "127.0.0.1"
port = ${server.address().port}
security = "none"
`;
  return {
    desk: DESK,
    config,
    /** What somebody writes, with what the relay saw of their domain's signature. */
    write: (from, to, subject, text, headers = {}) => bring(lmtp, from, to, subject, text, headers),
    /** The first letter to somebody that is about this and was not read yet. */
    letter: (to, about) => awaited(letters, to, about),
    close: () => server.close(),
  };
}

/** One connection of the product: enough of RFC 5321 for what it says. */
function receive(socket, keep) {
  let [data, buffer, to] = [null, "", []];
  socket.setEncoding("latin1");
  socket.write(`220 ${RELAY} ESMTP\r\n`);
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    buffer += bytes;
    for (let end = buffer.indexOf("\r\n"); end >= 0; end = buffer.indexOf("\r\n")) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (data !== null) {
        if (line !== ".") data.push(line.startsWith(".") ? line.slice(1) : line);
        else {
          keep({ to, ...parse(data) });
          data = null;
          socket.write("250 kept\r\n");
        }
        continue;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "MAIL") to = [];
      if (verb === "RCPT") to.push(line.match(/<([^>]*)>/)[1]);
      if (verb === "DATA") data = [];
      if (verb === "EHLO") socket.write(`250-${RELAY}\r\n250 8BITMIME\r\n`);
      else socket.write(verb === "DATA" ? "354 go on\r\n" : verb === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
      if (verb === "QUIT") socket.end();
    }
  });
}

/** The headers of a letter by lower-case name, and its words in plain text. */
function parse(lines) {
  const [headers, body] = part(lines.join("\r\n"));
  const type = headers["content-type"] ?? "text/plain";
  const boundary = type.match(/boundary="?([^";]+)"?/)?.[1];
  let [plain, coding] = [body, headers["content-transfer-encoding"]];
  if (boundary) {
    const parts = body.split(`--${boundary}`).slice(1, -1).map((one) => part(one.replace(/^\r\n/, "")));
    const [of, text] = parts.find(([of]) => /text\/plain/.test(of["content-type"] ?? "text/plain"));
    [plain, coding] = [text, of["content-transfer-encoding"]];
  }
  return { headers, text: decoded(plain, coding) };
}

function part(text) {
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, end).replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), words(line.slice(line.indexOf(":") + 1).trim())]));
  return [headers, text.slice(end + 4)];
}

/** A header's encoded words (RFC 2047), read. */
function words(value) {
  return value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how, text) => decoded(how.toLowerCase() === "b" ? text : text.replaceAll("_", " "), how.toLowerCase() === "b" ? "base64" : "quoted-printable"));
}

function decoded(text, coding = "8bit") {
  if (/base64/i.test(coding)) return Buffer.from(text, "base64").toString("utf8");
  if (!/quoted-printable/i.test(coding)) return Buffer.from(text, "latin1").toString("utf8");
  const bytes = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Brings a mail as the machine's relay would, and waits until it is on disk. */
async function bring(port, from, to, subject, text, headers) {
  const domain = from.split("@")[1];
  const all = {
    "Authentication-Results": `${RELAY}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`,
    From: from,
    To: to,
    Subject: `=?utf-8?b?${Buffer.from(subject).toString("base64")}?=`,
    "Message-ID": `<${Date.now()}.${Math.random().toString(36).slice(2)}@${domain}>`,
    Date: new Date().toUTCString(),
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    ...headers,
  };
  const mail = `${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${text.replace(/\r?\n/g, "\r\n")}\r\n.\r\n`;
  const socket = createConnection(port, "127.0.0.1");
  socket.setEncoding("utf8");
  const answer = replies(socket);
  await answer("220");
  for (const [said, wanted] of [
    [`LHLO ${RELAY}\r\n`, "250"],
    [`MAIL FROM:<${from}>\r\n`, "250"],
    [`RCPT TO:<${to}>\r\n`, "250"],
    ["DATA\r\n", "354"],
    [mail, "250"],
    ["QUIT\r\n", "221"],
  ]) {
    socket.write(said);
    await answer(wanted);
  }
  socket.end();
}

/** Waits for the next answer's last line, of this code. */
function replies(socket) {
  let buffer = "";
  let wake = () => {};
  socket.on("data", (bytes) => {
    buffer += bytes;
    wake();
  });
  socket.on("error", () => wake());
  return async (code) => {
    for (let left = 300; left > 0; left -= 1) {
      const last = buffer.match(/^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/);
      if (last) {
        buffer = buffer.slice(last[0].length);
        if (last[1] !== code) throw new Error(`${last[0].trim()}, wanted ${code}`);
        return;
      }
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
    throw new Error(`no answer, wanted ${code}`);
  };
}

async function awaited(letters, to, about) {
  for (let left = 300; left > 0; left -= 1) {
    const at = letters.findIndex((one) => one.to.includes(to) && about.test(`${one.headers.subject}\n${one.text}`));
    if (at >= 0) return letters.splice(at, 1)[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seen = letters.map((one) => `${one.to}: ${one.headers.subject}`).join("; ");
  throw new Error(`no letter to ${to} about ${about} in thirty seconds; others: ${seen}`);
}
