"""What Schemathesis loads beside its settings: how the bytes of a photo are written."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def _bytes(_: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode()
