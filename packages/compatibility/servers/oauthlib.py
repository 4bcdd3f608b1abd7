# A provider of OAuth 1 made with oauthlib, behind the HTTP server of Python: three legs and a resource.
# python3 oauthlib.py <folder of the package> <client key> <client secret> <callback>; prints its port.
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

folder, KEY, SECRET, CALLBACK = sys.argv[1:5]
sys.path.insert(0, folder)
from oauthlib.oauth1 import RequestValidator, WebApplicationServer  # noqa: E402


class Validator(RequestValidator):
    """Keeps what was given in memory; checks lengths and everything else as the library does by default."""

    enforce_ssl = False
    dummy_client = "dummy-client-0123456789"
    dummy_request_token = "dummy-request-token-01"
    dummy_access_token = "dummy-access-token-012"

    def __init__(self):
        super().__init__()
        self.requests, self.accesses, self.verifiers, self.nonces = {}, {}, {}, set()

    # The characters and lengths of nonces that clients send differ; the server of an application sets them.
    @property
    def nonce_length(self):
        return 8, 64

    @property
    def safe_characters(self):
        return set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")

    @property
    def allowed_signature_methods(self):
        return ("HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT")

    def validate_client_key(self, client_key, request):
        return client_key == KEY

    def get_client_secret(self, client_key, request):
        return SECRET

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == CALLBACK

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        fresh = (timestamp, nonce) not in self.nonces
        self.nonces.add((timestamp, nonce))
        return fresh

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def verify_realms(self, token, realms, request):
        return True

    def save_request_token(self, token, request):
        self.requests[token["oauth_token"]] = (token["oauth_token_secret"], request.redirect_uri)

    def verify_request_token(self, token, request):
        return token in self.requests

    def validate_request_token(self, client_key, token, request):
        return token in self.requests

    def get_request_token_secret(self, client_key, token, request):
        return self.requests[token][0]

    def get_redirect_uri(self, token, request):
        return self.requests[token][1]

    def save_verifier(self, token, verifier, request):
        self.verifiers[token] = verifier["oauth_verifier"]

    def validate_verifier(self, client_key, token, verifier, request):
        return self.verifiers.get(token) == verifier

    def save_access_token(self, token, request):
        self.accesses[token["oauth_token"]] = token["oauth_token_secret"]

    def invalidate_request_token(self, client_key, request_token, request):
        del self.requests[request_token]

    def validate_access_token(self, client_key, token, request):
        return token in self.accesses

    def get_access_token_secret(self, client_key, token, request):
        return self.accesses[token]


server = WebApplicationServer(Validator())


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def answer(self):
        uri = f"http://{self.headers['host']}{self.path}"
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        asked = (uri, self.command, body, dict(self.headers))
        if self.path.startswith("/oauth/request_token"):
            return server.create_request_token_response(*asked)
        if self.path.startswith("/oauth/authorize"):
            return server.create_authorization_response(*asked, credentials={})
        if self.path.startswith("/oauth/access_token"):
            return server.create_access_token_response(*asked)
        valid, _ = server.validate_protected_resource_request(*asked)
        if valid:
            return {"Content-Type": "application/json"}, json.dumps({"id": "user-1"}), 200
        return {"Content-Type": "application/json"}, json.dumps({"message": "the signature or the token is wrong"}), 401

    def do_GET(self):
        try:
            headers, text, status = self.answer()
        except Exception as error:  # What the library throws goes to the client, so that the run can tell it.
            headers, text, status = {}, str(error), 400
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((text or "").encode())

    do_POST = do_GET


http = HTTPServer(("127.0.0.1", 0), Handler)
print(http.server_port, flush=True)
http.serve_forever()
