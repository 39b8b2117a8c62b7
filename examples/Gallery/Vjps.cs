using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>Reverse mode: the forward pass runs once, and the pullback turns cotangents of the result into cotangents of the arguments, as often as needed.</summary>
internal static class Vjps
{
    public static void Run(TextWriter output, bool isSmall)
    {
        // The position of the end of a planar arm with two joints, by the angles of the joints in radians.
        Tensor End(Tensor angles) => Np.Stack(
        [
            Np.Cos(angles[0]) + 0.5 * Np.Cos(angles[0] + angles[1]),
            Np.Sin(angles[0]) + 0.5 * Np.Sin(angles[0] + angles[1]),
        ]);

        // Jacobian transpose control: the joints follow the pull on the end.
        Tensor angles = new[] { 0.3f, 0.5f }, target = new[] { 0.2f, 1.2f };
        for (var i = 0; i < 100; i++)
        {
            var (end, pullback) = Vjp(End, angles);
            angles += 0.5 * pullback(target - end);
        }
        var reached = End(angles);
        output.WriteLine(Invariant($"end at ({(float)reached[0]:F3}, {(float)reached[1]:F3}), target (0.200, 1.200)"));

        // The rows of the Jacobian are the pullbacks of the basis vectors; together, by Vmap.
        var (_, pull) = Vjp(End, angles);
        var rows = Vmap(pull)(Np.Eye(2));
        output.WriteLine(Invariant($"largest difference to JacFwd {(float)Np.Max(Np.Abs(rows - JacFwd(End).Invoke(angles))):E0}"));
    }
}
