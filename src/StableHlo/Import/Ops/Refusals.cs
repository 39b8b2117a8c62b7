namespace BrainState.StableHlo.Import.Ops;

/// <summary>Operations that are known and have no counterpart, with the reason. What is in no family at all is refused by name.</summary>
internal static class Refusals
{
    public static void AddTo(OpTable table)
    {
        table.Refuse("communication between devices", "stablehlo.all_gather", "stablehlo.all_reduce", "stablehlo.all_to_all", "stablehlo.collective_broadcast",
            "stablehlo.collective_permute", "stablehlo.cross-replica-sum", "stablehlo.partition_id", "stablehlo.recv", "stablehlo.reduce_scatter", "stablehlo.replica_id",
            "stablehlo.send");
        table.Refuse("tokens and input from outside", "stablehlo.after_all", "stablehlo.create_token", "stablehlo.infeed", "stablehlo.outfeed");
        table.Refuse("the generator of another engine", "stablehlo.rng", "stablehlo.rng_bit_generator");
        table.Refuse("quantized numbers", "stablehlo.uniform_dequantize", "stablehlo.uniform_quantize");
        table.Refuse("sizes that are not known in advance", "stablehlo.dynamic_conv", "stablehlo.dynamic_gather", "stablehlo.dynamic_pad", "stablehlo.real_dynamic_slice",
            "stablehlo.set_dimension_size");
    }
}
