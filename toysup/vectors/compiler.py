"""Programs compiled by LLVM for the processor at hand."""

import ctypes
import hashlib
from functools import cache
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
from llvmlite import ir

from toysup.vectors import kept

engines = []  # kept, as XLA holds nothing but addresses in them


@cache
def wide() -> bool:
    """Whether a register holds a whole vector, and there are instructions that choose some of its
    elements (AVX-512)."""
    return bool(llvm.get_host_cpu_features().get("avx512f"))


@cache
def avx2() -> bool:
    """Whether a register holds half of a vector or more, and there are instructions that multiply
    and add at once, as on most of today's processors of Intel and AMD."""
    features = llvm.get_host_cpu_features()
    return bool(features.get("avx2") and features.get("fma"))


def new_target():
    """The processor at hand, with all that it can do, as a target of the compiler."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):  # some have vectors of 512 bits, and are taken to like 256 better
        features["prefer-256-bit"] = False
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features.flatten(), opt=3, jit=True
    )


target = cache(new_target)  # an engine takes one of its own, and keeps it


@cache
def recipe() -> str:
    """All that decides what machine code a module becomes, but for the module itself."""
    cpu = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return "\n".join([llvmlite.__version__, llvm.get_default_triple(), *cpu, own])


def address(module: ir.Module, name: str) -> int:
    """Where the compiled function of a module is."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), new_target())
    code = kept.once(str(module), recipe(), lambda: machine_code(module))
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    engines.append(engine)
    return engine.get_function_address(name)


def machine_code(module: ir.Module) -> bytes:
    """A module as an object file. Compiled in the engine, all that the compiler knew of it would
    stay there: megabytes a module."""
    context = llvm.create_context()
    parsed = llvm.parse_assembly(str(module), context)
    parsed.verify()
    passes = llvm.create_pass_builder(target(), llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(parsed, passes)
    code = target().emit_object(parsed)
    parsed.close()
    context.close()
    return code


def capsule(pointer: int):
    """A C function's address as Python passes it on."""
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = (
        ctypes.py_object,
        (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    )
    return new(pointer, None, None)
