using System.Reflection;
using Xunit.Sdk;

namespace BrainState.UnitTests.Architecture;

/// <summary>The public API changes only together with its baseline, so that a review sees what it promises.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("BrainState.Abstractions", "src/Abstractions/PublicApi.txt")]
    [InlineData("BrainState.BackendKit", "src/BackendKit/PublicApi.txt")]
    [InlineData("BrainState", "src/Frontend/PublicApi.txt")]
    [InlineData("BrainState.SpectreConsole", "src/SpectreConsole/PublicApi.txt")]
    [InlineData("BrainState.StableHlo", "src/StableHlo/PublicApi.txt")]
    public void ThePublicApiIsThatOfTheBaseline(string assembly, string baseline)
    {
        var path = Repository.PathOf(baseline);
        var actual = PublicApi.Of(Assembly.Load(assembly));
        var expected = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (actual.SequenceEqual(expected)) return;

        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            Write(path, actual);
            return;
        }

        var proposal = Repository.PathOf($"artifacts/public-api/{assembly}.txt");
        Write(proposal, actual);
        throw new XunitException($"""
            The public API of {assembly} is not that of {baseline}:
            {Difference(expected, actual)}
            The new text is in {proposal}. If the change is meant, update the baseline:
              UPDATE_PUBLIC_API=1 dotnet test tests/unit --filter PublicApi
            """);
    }

    [Fact]
    public void SignaturesAreExact()
    {
        var lines = PublicApi.Of([typeof(Sample<>), typeof(Sample<>.Kind)]);

        Assert.Equal(
        [
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T> : public abstract class, IComparable<T> where T : class, new()",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.CompareTo(T other) : int",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Convert<TTo>(in int x, ref TTo[] y, out string z, params ReadOnlySpan<int?> rest) : protected virtual void where TTo : unmanaged, Enum",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Default(string text = \"a\\\"b\", double x = 1.5, PublicApiTests.Sample<object>.Kind kind = 2, CancellationToken c = default) : static ref readonly int",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Kind : public enum, byte, [Flags]",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Kind.One = 1",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Kind.Two = 2",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Name { get; protected set; } : abstract string",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Number = 3 : const int",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.Sample() : protected",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.ToString() : sealed override string",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.event Changed : EventHandler",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.operator +(PublicApiTests.Sample<T> a, PublicApiTests.Sample<T> b) : static (int, int)",
            "BrainState.UnitTests.Architecture.PublicApiTests.Sample<T>.this[int index] { get; init; } : T",
        ], lines);
    }

    /// <summary>Lines that go and lines that come, at most a screen of them.</summary>
    static string Difference(string[] expected, string[] actual)
    {
        const int Most = 20;
        string[] changes = [.. expected.Except(actual).Select(line => "- " + line), .. actual.Except(expected).Select(line => "+ " + line)];
        return string.Join('\n', changes.Take(Most)) + (changes.Length > Most ? $"\n… and {changes.Length - Most} more" : "");
    }

    static void Write(string path, string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
    }

    public abstract class Sample<T> : IComparable<T> where T : class, new()
    {
        public const int Number = 3;

        static int zero;

        protected Sample() { }

        public event EventHandler? Changed;

        [Flags]
        public enum Kind : byte
        {
            One = 1,
            Two = 2,
        }

        public abstract string Name { get; protected set; }

        public T this[int index]
        {
            get => null!;
            init => Changed?.Invoke(index, EventArgs.Empty);
        }

        public static ref readonly int Default(
            string text = "a\"b", double x = 1.5, Sample<object>.Kind kind = Sample<object>.Kind.Two, CancellationToken c = default) => ref zero;

        public static (int A, int B) operator +(Sample<T> a, Sample<T> b) => default;

        public int CompareTo(T? other) => 0;

        public sealed override string ToString() => "";

        protected virtual void Convert<TTo>(in int x, ref TTo[] y, out string? z, params ReadOnlySpan<int?> rest) where TTo : unmanaged, Enum => z = "";

        private protected void Hidden() { }

        internal void AlsoHidden() { }
    }
}
