"""Finds faces in a browser by CenterFace, run by onnxruntime-web in a worker, to cover them."""

from collections.abc import Sequence

from fieldapp.adapters.centerface_boxes import NetOutput, heads, input_size
from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.ports import Frame, Mask, Refused


class OnnxSpotter:
    """Port Spotter. Without the net or its runtime, which may not have been fetched yet, it says
    that it cannot look."""

    def __init__(self, scripts: PageScripts) -> None:
        self._scripts = scripts

    async def spot(self, frame: Frame) -> Sequence[Mask]:
        size = input_size(frame)
        try:
            layers = await self._scripts.look("spot", frame.jpeg, *size)
            return heads(_output(layers), size)
        except (ScriptFailure, ValueError, ArithmeticError, LookupError) as error:
            raise Refused("no_spotter") from error


def _output(layers: Sequence[bytes]) -> NetOutput:
    """Of the three layers the second and third have two channels: vertical, then horizontal."""
    score, extent, offset = (memoryview(layer).cast("f") for layer in layers)
    cells = len(score)
    return NetOutput(score, extent[:cells], extent[cells:], offset[:cells], offset[cells:])
