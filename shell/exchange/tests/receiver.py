"""A receiver of mail for the tests: keeps each message in a file, refuses two names.

    python3 receiver.py FOLDER    (prints its port, serves until its input ends)
"""

import json
import os
import sys

from aiosmtpd.controller import Controller


class Keeper:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("personne@"):
            return "550 5.1.1 no such person here"
        if address.startswith("plustard@"):
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = os.path.join(self.folder, f"{self.count:03}")
        with open(path + ".eml", "wb") as out:
            out.write(envelope.content)
        with open(path + ".json", "w") as out:
            json.dump({"from": envelope.mail_from, "to": envelope.rcpt_tos}, out)
        return "250 kept"


class Anywhere(Controller):
    def _trigger_server(self):
        # The port is chosen by the system; the controller's own probe must look there.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


keeper = Anywhere(Keeper(sys.argv[1]), hostname="127.0.0.1", port=0)
keeper.start()
print(keeper.server.sockets[0].getsockname()[1], flush=True)
sys.stdin.read()
keeper.stop()
