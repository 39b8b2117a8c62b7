using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Random bits as a function of a key and a counter.</summary>
internal static class RandomRules
{
    private const int Rounds = 20;

    public static void AddTo(RuleTable table) => table.Add<RandomBits>(static (op, step) =>
    {
        var blockSize = (int)op.Shape.ElementCount;
        return HostValue.Generate(step.Result, position =>
        {
            var (block, i) = Math.DivRem(position, blockSize);
            var (key0, key1) = ((uint)step.X[2 * block].Bits, (uint)step.X[(2 * block) + 1].Bits);
            var (y0, y1) = Threefry(key0, key1, (uint)((long)i >> 32), (uint)i);
            return new(op.DType, op.DType == DType.UInt64 ? ((ulong)y0 << 32) | y1 : y0 ^ y1);
        });
    });

    /// <summary>Threefry-2x32 with 20 rounds: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011).</summary>
    private static (uint Y0, uint Y1) Threefry(uint key0, uint key1, uint x0, uint x1)
    {
        ReadOnlySpan<int> rotations = [13, 15, 26, 6, 17, 29, 16, 24];
        ReadOnlySpan<uint> keys = [key0, key1, 0x1BD11BDA ^ key0 ^ key1];
        unchecked
        {
            (x0, x1) = (x0 + key0, x1 + key1);
            for (var round = 0; round < Rounds; round++)
            {
                x0 += x1;
                x1 = BitOperations.RotateLeft(x1, rotations[round % 8]) ^ x0;
                if (round % 4 != 3) continue;
                var injection = (round / 4) + 1; // A part of the key, and a count, after every fourth round.
                x0 += keys[injection % 3];
                x1 += keys[(injection + 1) % 3] + (uint)injection;
            }
        }
        return (x0, x1);
    }
}
