namespace BrainState.TorchTests.Engine;

/// <summary>A test that runs libtorch; skipped with the reason where the plugin has none.</summary>
internal sealed class LibTorchFactAttribute : FactAttribute
{
    public LibTorchFactAttribute() => Skip = Programs.AbsenceOfLibTorch;
}

/// <inheritdoc cref="LibTorchFactAttribute"/>
internal sealed class LibTorchTheoryAttribute : TheoryAttribute
{
    public LibTorchTheoryAttribute() => Skip = Programs.AbsenceOfLibTorch;
}
