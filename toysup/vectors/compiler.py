"""Programs compiled by LLVM for the processor at hand."""

import ctypes
from functools import cache

import llvmlite.binding as llvm
from llvmlite import ir

engines = []  # kept, as XLA holds nothing but addresses in them


@cache
def wide() -> bool:
    """Whether the processor holds 32 whole vectors in registers, and has instructions that choose
    some of their elements (AVX-512)."""
    return bool(llvm.get_host_cpu_features().get("avx512f"))


def address(module: ir.Module, name: str) -> int:
    """Where the compiled function of a module is."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):  # some have vectors of 512 bits, and are taken to like 256 better
        features["prefer-256-bit"] = False
    processor = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features.flatten(), opt=3, jit=True
    )
    parsed = llvm.parse_assembly(str(module))
    parsed.verify()
    passes = llvm.create_pass_builder(processor, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(parsed, passes)
    engine = llvm.create_mcjit_compiler(parsed, processor)
    engine.finalize_object()
    engines.append(engine)
    return engine.get_function_address(name)


def capsule(pointer: int):
    """A C function's address as Python passes it on."""
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = (
        ctypes.py_object,
        (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    )
    return new(pointer, None, None)
