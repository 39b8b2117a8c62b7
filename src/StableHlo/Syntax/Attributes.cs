using System.Numerics;

namespace BrainState.StableHlo.Syntax;

/// <summary>A compile-time value.</summary>
internal abstract record MlirAttribute(Location Location);

/// <summary>An attribute whose presence is all it says.</summary>
internal sealed record UnitAttribute(Location Location) : MlirAttribute(Location);

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record BoolAttribute(bool Value, Location Location) : MlirAttribute(Location);

/// <summary><c>1 : i64</c>.</summary>
internal sealed record IntegerAttribute(BigInteger Value, MlirType? Type, Location Location) : MlirAttribute(Location);

/// <summary><c>1.5 : f32</c>.</summary>
internal sealed record FloatAttribute(double Value, MlirType? Type, Location Location) : MlirAttribute(Location);

/// <summary>A quoted text.</summary>
internal sealed record StringAttribute(string Value, Location Location) : MlirAttribute(Location);

/// <summary><c>@name</c>.</summary>
internal sealed record SymbolAttribute(string Name, Location Location) : MlirAttribute(Location);

/// <summary>A type as a value.</summary>
internal sealed record TypeAttribute(MlirType Type, Location Location) : MlirAttribute(Location);

/// <summary><c>[…]</c> or <c>array&lt;i64: …&gt;</c>.</summary>
internal sealed record ArrayAttribute(IReadOnlyList<MlirAttribute> Items, Location Location) : MlirAttribute(Location);

/// <summary><c>{name = …, …}</c>.</summary>
internal sealed record DictionaryAttribute(IReadOnlyDictionary<string, MlirAttribute> Items, Location Location) : MlirAttribute(Location);

/// <summary>
/// <c>#dialect.name&lt;…&gt;</c>. <see cref="Fields"/> are those of a body <c>name = value, …</c>; any other body, as in
/// <c>#stablehlo&lt;fft_type FFT&gt;</c>, is in <see cref="Body"/> as it stands.
/// </summary>
internal sealed record DialectAttribute(string Name, string Body, IReadOnlyDictionary<string, MlirAttribute> Fields, Location Location)
    : MlirAttribute(Location);
