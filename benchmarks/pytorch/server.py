"""Runs PyTorch workloads on request, so that a benchmark can interleave them with its own.

A request is a line "module case calls"; the answer is "seconds cpu", where cpu is the processor time this process used.
The process that starts this one sets the device, thread counts and allocator options in the environment, before torch is loaded.
"""
import importlib, os, sys, time

import torch

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(0)
device = os.environ.get("BENCHMARK_DEVICE", "cpu")
if device != "cpu":
    torch.set_default_device(device)
loaded = {}
print("ready", torch.__version__, flush=True)
for request in sys.stdin:
    module, case, calls = request.split()
    try:
        if (module, case) not in loaded:
            loaded[module, case] = getattr(importlib.import_module(module), case)()
        run = loaded[module, case]
        cpu, start = time.process_time(), time.perf_counter()
        run(int(calls))
        if device != "cpu":
            torch.cuda.synchronize()
        seconds = time.perf_counter() - start
        print(seconds, time.process_time() - cpu, flush=True)
    except Exception as failure:
        print("error", type(failure).__name__, str(failure).splitlines()[:1], flush=True)
