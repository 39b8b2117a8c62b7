namespace BrainState.Serialization;

/// <summary>First bytes of MessagePack values (github.com/msgpack/msgpack, spec.md).</summary>
/// <remarks>The fix forms hold a small length, or a small number, in the bits that are zero here.</remarks>
static class LeadByte
{
    public const byte FixMap = 0x80, FixArray = 0x90, FixStr = 0xA0, NegativeFixInt = 0xE0;
    public const byte Nil = 0xC0, Reserved = 0xC1, False = 0xC2, True = 0xC3;
    public const byte Bin8 = 0xC4, Bin16 = 0xC5, Bin32 = 0xC6;
    public const byte Ext8 = 0xC7, Ext16 = 0xC8, Ext32 = 0xC9;
    public const byte Float32 = 0xCA, Float64 = 0xCB;
    public const byte UInt8 = 0xCC, UInt16 = 0xCD, UInt32 = 0xCE, UInt64 = 0xCF;
    public const byte Int8 = 0xD0, Int16 = 0xD1, Int32 = 0xD2, Int64 = 0xD3;
    public const byte FixExt1 = 0xD4, FixExt2 = 0xD5, FixExt4 = 0xD6, FixExt8 = 0xD7, FixExt16 = 0xD8;
    public const byte Str8 = 0xD9, Str16 = 0xDA, Str32 = 0xDB;
    public const byte Array16 = 0xDC, Array32 = 0xDD, Map16 = 0xDE, Map32 = 0xDF;
}
