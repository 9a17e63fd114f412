"""The demo's cold path: what SARK's Python service is to the sidecar, in a few lines.

Answers the two decision endpoints and the rest of the gateway API, marks each answer with
`x-demo-served-by: python` and counts what reached it. It verifies no token and must never be used
for anything but the demo. Prints the port it listens on as its first line.
"""

import socket
import uuid

import uvicorn
from fastapi import FastAPI, Request, Response

ALLOWED_TOOLS = {"get_weather"}

app = FastAPI()
calls = {"count": 0}


@app.middleware("http")
async def mark_and_count(request: Request, call_next):
    if request.url.path.startswith("/api/"):
        calls["count"] += 1
    response: Response = await call_next(request)
    response.headers["x-demo-served-by"] = "python"
    return response


def document(allow: bool, reason: str) -> dict:
    return {
        "allow": allow,
        "reason": reason,
        "filtered_parameters": None,
        "audit_id": str(uuid.uuid4()),
        "cache_ttl": 0,
    }


@app.post("/api/v1/gateway/authorize")
async def authorize(request: Request, response: Response) -> dict:
    if not request.headers.get("authorization"):
        response.status_code = 401
        return {"detail": "Authentication required"}
    tool = (await request.json()).get("tool_name")
    allow = tool in ALLOWED_TOOLS
    return document(allow, f"Cold path: {'allowed' if allow else 'denied'} {tool}")


@app.post("/api/v1/gateway/authorize-a2a")
async def authorize_a2a(request: Request, response: Response) -> dict:
    if not request.headers.get("authorization"):
        response.status_code = 401
        return {"detail": "Authentication required"}
    allow = (await request.json()).get("capability") == "query"
    return document(allow, f"Cold path: {'allowed' if allow else 'denied'}")


@app.get("/api/v1/gateway/servers")
async def servers() -> dict:
    return {"servers": [{"name": "demo"}]}


@app.get("/demo/calls")
async def count() -> dict:
    """Asked by the demo itself, past Envoy."""
    return calls


if __name__ == "__main__":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])
