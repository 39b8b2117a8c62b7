using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>Forward mode: value and derivative along a direction in one pass, for the price of about two evaluations.</summary>
internal static class Jvps
{
    public static void Run(TextWriter output, bool isSmall)
    {
        // Rosenbrock's valley.
        Tensor Valley(Tensor p) => Np.Square(1 - p[0]) + 100 * Np.Square(p[1] - Np.Square(p[0]));
        Tensor point = new[] { -0.5f, 1f }, direction = new[] { 1f, 0f };

        var (value, slope) = Jvp(Valley, point, direction);
        output.WriteLine(Invariant($"value {(float)value:F3}, slope along x {(float)slope:F1}"));

        // Curvature along the direction: forwards over backwards gives the Hessian times a vector without the Hessian.
        var (gradient, curvature) = Jvp((Tensor p) => Grad(Valley).Invoke(p), point, direction);
        output.WriteLine(Invariant($"gradient ({(float)gradient[0]:F1}, {(float)gradient[1]:F1}), Hessian times direction ({(float)curvature[0]:F1}, {(float)curvature[1]:F1})"));
        output.WriteLine(Invariant($"largest difference to the Hessian's column {(float)Np.Max(Np.Abs(curvature - Hessian(Valley)(point)[.., 0])):E0}"));
    }
}
