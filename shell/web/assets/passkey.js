// Passkeys; without this file, or in a browser that has none, the forms ask for a password.
// A part marked "data-passkey" holds what the authenticator is asked and the fields that take its answer.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const WAIT = 5 * 60 * 1000;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const named = (list) => (list ? list.split(" ") : []).map((id) => ({ type: "public-key", id: bytes(id) }));

  const make = async (asked) => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.site, name: "Régisseur" },
        user: { id: bytes(asked.user), name: asked.userName, displayName: asked.userDisplay },
        pubKeyCredParams: asked.algorithms.split(" ").map((alg) => ({ type: "public-key", alg: Number(alg) })),
        excludeCredentials: named(asked.held),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
        timeout: WAIT,
      },
    });
    return { made_client: made.response.clientDataJSON, made_attestation: made.response.attestationObject };
  };
  const sign = async (asked) => {
    const { rawId, response } = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(asked.challenge),
        rpId: asked.site,
        allowCredentials: named(asked.held),
        userVerification: "required",
        timeout: WAIT,
      },
    });
    return {
      passkey_credential: rawId,
      passkey_client: response.clientDataJSON,
      passkey_authenticator: response.authenticatorData,
      passkey_signature: response.signature,
      passkey_user: response.userHandle,
    };
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.closest("form");
    const makes = part.dataset.passkey === "make";
    const failed = part.querySelector("[data-passkey-failed]");
    const button = part.querySelector("[data-passkey-go]");
    part.hidden = false;
    for (const without of document.querySelectorAll("[data-without-passkeys]")) without.hidden = true;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (makes && !form.reportValidity()) return;
      failed.hidden = true;
      button.disabled = true;
      try {
        const answer = await (makes ? make : sign)(part.dataset);
        for (const [name, value] of Object.entries(answer)) form.elements.namedItem(name).value = text(value);
        // The other fields of a form that goes on with a passkey are not needed: they are not checked.
        form.submit();
      } catch {
        // Given up, too late, or already there: the browser has said which.
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
