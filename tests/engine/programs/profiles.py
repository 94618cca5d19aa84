# fmt: off
# ruff: noqa
# What the profiler notes. (Cells: see tests/engine/observe.py.)

# %% the steps of a backward pass
profile = torch.autograd.profiler.profile
x, y = (torch.ones(2, 3, requires_grad=True) for _ in "xy")
with profile(record_shapes=True) as prof:
    (x * y + x).exp().sum().backward()
    with torch.autograd.profiler.record_function("mine"):
        pass
for event in prof.function_events:
    if event.name.startswith("autograd") or event.scope:
        below = [child.name for child in event.cpu_children if not child.name.startswith("aten")]
        see(event.name, event.input_shapes, event.thread, event.fwd_thread, event.scope, event.is_user_annotation, below)
        see(event.cpu_parent and event.cpu_parent.name, event.sequence_nr >= 0)
by_name = {name: [e.sequence_nr for e in prof.function_events if e.name == name] for name in ("aten::mul", "MulBackward0", "aten::exp", "ExpBackward0")}
see(by_name["aten::mul"][0] == by_name["MulBackward0"][0], by_name["aten::exp"] == by_name["ExpBackward0"], by_name["aten::mul"][0] < by_name["aten::exp"][0])
for average in prof.key_averages(group_by_input_shape=True):
    if "Backward" in average.key or "Accumulate" in average.key:
        see(average.key, average.input_shapes, average.count)
see([(a.key, a.input_shapes, a.count) for a in prof.key_averages() if "Accumulate" in a.key])

# %% a profile as a table
from importlib import import_module
util = import_module(torch.autograd.profiler.profile.__module__.replace(".profiler", ".profiler_util"))
events = util.EventList(util.FunctionEvent(id=k, name=name, thread=thread, start_us=start, end_us=end, overload_name="", input_shapes=shapes, stack=[])
    for k, (name, thread, start, end, shapes) in enumerate((("a", 0, 0, 2000.5, []), ("b", 0, 1, 3, [[2, 3], []]), ("b", 1, 1, 3, []), ("c" * 60, 0, 3, 3e6, []), ("a", 0, 5, 6, []))))
attempt(lambda: events.key_averages())
events._build_tree()
see([[child.id for child in event.cpu_children] for event in events], [event.cpu_time_str for event in events])
for options in ({}, {"sort_by": "cpu_time"}, {"sort_by": "count", "row_limit": 2, "header": "Mine"}, {"top_level_events_only": True}, {"max_name_column_width": 20, "time_unit": "ms"}):
    print(events.key_averages(group_by_input_shapes=True).table(**options))
    print(events.key_averages().table(**options))
    print(events.table(**options))
attempt(lambda: events.table(sort_by="dim"))
print(events.total_average())
print(events.key_averages())
print(util.EventList().table(), torch.autograd.profiler.profile(), sep="|")
one, other = util.FunctionEventAvg(), util.FunctionEventAvg()
for event in events[:3:2] + events[4:]:
    attempt(lambda: one.add(event))
other += one
see(other.count, other.cpu_time, other.self_cpu_time_total, other.key, other.device_time_total, util._format_time(1234.5))

# %% what is made of operations
layer, x = torch.nn.Linear(3, 2), torch.ones(4, 3)
for options in ({"record_shapes": True}, {}):
    with torch.autograd.profiler.profile(**options) as prof:
        layer(x)
        torch.nn.functional.linear(x, weight=layer.weight)
    for event in prof.function_events:
        if event.name == "aten::linear":
            print(event.input_shapes[:2], event.cpu_parent, [child.name for child in event.cpu_children if child.name == "aten::addmm"])

# %% how tensors are made, and what is written in place
with torch.autograd.profiler.profile() as prof:
    torch.randn(3, 3).add_(1).mul_(2)
    torch.rand(2)
kept = [e for e in prof.function_events if e.name in ("aten::randn", "aten::rand", "aten::empty", "aten::normal_", "aten::uniform_", "aten::add_", "aten::mul_")]
print([(e.name, e.cpu_parent.name if e.cpu_parent else None) for e in kept])
