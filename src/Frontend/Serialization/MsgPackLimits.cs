namespace BrainState.Serialization;

/// <summary>Limits of the codec.</summary>
static class MsgPackLimits
{
    /// <summary>How deep containers may nest; beyond it a cyclic tree or a hostile file is assumed.</summary>
    public const int MaxDepth = 512;

    /// <summary>Arrays of more bytes than this are written in pieces, as flax does.</summary>
    public const long MaxChunkBytes = 1L << 30;
}
