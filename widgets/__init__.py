"""Everything that draws: step_through, watch, versions, draw, …; and exercises that check.

    import minigrad as torch
    from widgets import step_through

Importing this package switches recording on: from then on every node keeps its inputs, its value
and the line of code that made it, which a picture needs and a bare engine does not. Real PyTorch
tensors are taken too; theirs is recorded in `with recording():`.
"""

from minigrad import recording as _minigrads_recording

from . import probe
from .charts import profile_chart, training_view
from .compare import compare, recognise
from .derive import derive
from .draw import draw
from .engines import recording
from .exercise import Finding, exercise
from .jacobian import jacobian
from .stepper import Stepper, step_through
from .versions import Versions, versions
from .watch import Watch, watch

_minigrads_recording.enable()

__all__ = [
    "Stepper",
    "Versions",
    "Watch",
    "compare",
    "derive",
    "draw",
    "exercise",
    "jacobian",
    "profile_chart",
    "recognise",
    "recording",
    "step_through",
    "training_view",
    "versions",
    "watch",
]
