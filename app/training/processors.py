"""What the processor that trains is quickest at."""

from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")  # of Linux
KNOWS_BFLOAT16 = {"avx512_bf16", "amx_bf16"}  # as Linux names what processors can do
QUICK_WITH_IT, QUICK_WITHOUT = "mixed_bfloat16", "float32"


def quickest_type(cpu_info: Path = CPU_INFO) -> str:
    """Return the Keras policy by which this processor trains quickest; weights are float32 in both.

    A processor that knows bfloat16 is a third quicker with it, one that does not is up to twelve
    times slower.
    """
    try:
        flags = set(cpu_info.read_text().split())
    except OSError:
        return QUICK_WITHOUT
    return QUICK_WITH_IT if flags & KNOWS_BFLOAT16 else QUICK_WITHOUT
