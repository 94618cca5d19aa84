"""Charts for a slide: where the time goes, and how a training goes. Matplotlib draws them."""

from .profile import profile_chart
from .training import training_view

__all__ = ["profile_chart", "training_view"]
