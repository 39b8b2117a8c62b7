using System.Runtime.InteropServices;

namespace BrainState.Cpu.MatMul;

/// <summary>The micro-kernels of all heights for one kind of vector. Only those that are called are compiled.</summary>
internal static unsafe class MicroKernels<T, TVector, TSimd>
    where T : unmanaged
    where TSimd : ISimd<T, TVector>
{
    /// <summary>The kernels by their height, from 1 on.</summary>
    public static readonly delegate*<nint, T*, T*, T*, nint, bool, void>[] ByHeight =
    [
        null,
        &MicroKernel<T, TVector, TSimd, H1>.Run,
        &MicroKernel<T, TVector, TSimd, H2>.Run,
        &MicroKernel<T, TVector, TSimd, H3>.Run,
        &MicroKernel<T, TVector, TSimd, H4>.Run,
        &MicroKernel<T, TVector, TSimd, H5>.Run,
        &MicroKernel<T, TVector, TSimd, H6>.Run,
        &MicroKernel<T, TVector, TSimd, H7>.Run,
        &MicroKernel<T, TVector, TSimd, H8>.Run,
        &MicroKernel<T, TVector, TSimd, H9>.Run,
        &MicroKernel<T, TVector, TSimd, H10>.Run,
        &MicroKernel<T, TVector, TSimd, H11>.Run,
        &MicroKernel<T, TVector, TSimd, H12>.Run,
        &MicroKernel<T, TVector, TSimd, H13>.Run,
        &MicroKernel<T, TVector, TSimd, H14>.Run,
    ];
}

// A height is the size of a type: unlike a property of it, that is a constant to the JIT before it looks at the code that depends on it.
// It makes a kernel several times as fast to compile.

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct H1;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct H2;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct H3;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct H4;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct H5;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct H6;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct H7;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct H8;

[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct H9;

[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct H10;

[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct H11;

[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct H12;

[StructLayout(LayoutKind.Sequential, Size = 13)]
internal readonly struct H13;

[StructLayout(LayoutKind.Sequential, Size = 14)]
internal readonly struct H14;
