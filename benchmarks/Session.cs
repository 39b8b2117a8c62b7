using BrainState.Benchmarks.Measuring;

namespace BrainState.Benchmarks;

/// <summary>What a suite needs: the options of the run, the opponent if there is one, and where results go.</summary>
internal sealed record Session(int Threads, TorchProcess? Torch, bool TorchIsAbsent, Report Report)
{
    public Race Race => new(Threads);

    /// <summary>Races contenders and reports the figures.</summary>
    /// <param name="heading">What is measured.</param>
    /// <param name="rate">What a figure means.</param>
    /// <param name="contenders">Ours, and limits of the machine.</param>
    /// <param name="torch">PyTorch's, if it is here.</param>
    public Figure[] Compare(string heading, Func<Figure, string> rate, IEnumerable<Contender> contenders, Func<TorchProcess, IEnumerable<Contender>>? torch = null)
    {
        var figures = Race.Run([.. contenders, .. Torch is null || torch is null ? [] : torch(Torch)]);
        Report.Table(heading, figures, rate, torch is not null && TorchIsAbsent ? "torch absent" : "");
        return figures;
    }

    /// <summary>Code of this process that makes one call at a time and drops the result, as a user's loop does.</summary>
    public static Contender Dropping(string name, Func<Tensor> call) => Contender.Of(name, calls =>
    {
        for (var i = 1; i < calls; i++) call();
        Await(call());
    });

    /// <summary>The same, but every result is disposed at once.</summary>
    public static Contender Disposing(string name, Func<Tensor> call) => Contender.Of(name, calls =>
    {
        for (var i = 1; i < calls; i++) call().Dispose();
        using var last = call();
        Await(last);
    });

    /// <summary>Reads an element, and so waits for a backend that computes later.</summary>
    public static void Await(Tensor tensor)
    {
        for (; tensor.Rank > 0;) tensor = tensor[0];
        _ = (double)tensor;
    }
}
