"""The service without its wires: requests in, responses out, over plain data and a clock that is only told.

Nothing here reads a file, opens a socket, waits, or asks what time it is.
"""

from .estate import Estate
from .messages import Json, Request, Response
from .service import handle

__all__ = ["Estate", "Json", "Request", "Response", "handle"]
