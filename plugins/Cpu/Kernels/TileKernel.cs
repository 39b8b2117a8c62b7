global using unsafe TileKernel = delegate*<byte**, BrainState.Cpu.Kernels.Instruction*, nint, nint, void>;

namespace BrainState.Cpu.Kernels;

/// <summary>
/// One step of a tile program: a kernel and the registers it works on. A register is a pointer to the elements of the current tile, either
/// in scratch memory or inside a tensor. The kernel gets the registers, this instruction, the flat index of the first element, and the
/// number of elements.
/// </summary>
internal unsafe struct Instruction
{
    public TileKernel Kernel;

    /// <summary>The register written.</summary>
    public int Result;

    /// <summary>The registers read.</summary>
    public int A, B, C;

    /// <summary>A constant of the kernel, such as an exponent or a row length.</summary>
    public long Parameter;

    /// <summary>More constants of the kernel, or null.</summary>
    public void* Data;
}
