"""A time stamp authority on this machine: openssl answers, over HTTP, with certificates made for the occasion."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

CONFIGURATION = """
[ tsa ]
default_tsa = ours
[ ours ]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ stamps ]
basicConstraints = CA:FALSE
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """An authority with a root of its own. `change` may change a query before it is answered, or an answer after."""

    def __init__(self, folder: Path, *, days: int = 30, digests: str = "sha256") -> None:
        self.folder = folder
        folder.mkdir()
        self.roots = folder / "root.pem"
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(digests=digests), encoding="utf-8")
        (folder / "serial").write_text("0A\n", encoding="utf-8")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self._run("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "30")
        self._run("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
        signed = ["-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem"]
        self._run("x509", "-req", *signed, "-days", str(days), "-extfile", "tsa.cnf", "-extensions", "stamps")
        self.asked: list[bytes] = []
        self.before: Callable[[bytes], bytes] = lambda query: query
        self.after: Callable[[bytes], bytes] = lambda reply: reply
        self.status, self.kind = 200, "application/timestamp-reply"

    def answer(self, query: bytes) -> bytes:
        self.asked.append(query)
        (self.folder / "query.tsq").write_bytes(self.before(query))
        self._run("ts", "-reply", "-queryfile", "query.tsq", "-config", "tsa.cnf", "-out", "reply.tsr")
        return self.after((self.folder / "reply.tsr").read_bytes())

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=True)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve it on this machine; its address."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that http.server calls
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                reply = authority.answer(query)
                self.send_response(authority.status)
                self.send_header("Content-Type", authority.kind)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/tsa"
            server.shutdown()
