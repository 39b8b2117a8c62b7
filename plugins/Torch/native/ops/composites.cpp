#include "ops/composites.h"

#include <algorithm>

#include "ops/attention.h"
#include "ops/convolution.h"
#include "ops/lookup.h"
#include "ops/losses.h"
#include "ops/normalization.h"
#include "ops/pooling.h"

namespace brainstate {

namespace {

struct CompositeEntry {
    const char* name;
    Kernel (*make)(const OpSite&, const Parameters&);
};

constexpr CompositeEntry table[] = {
    {"conv.bwd", convolution_backward},
    {"max_pool", max_pool}, {"max_pool.fwd", max_pool}, {"max_pool.bwd", max_pool_backward},
    {"avg_pool", avg_pool}, {"avg_pool.fwd", avg_pool}, {"avg_pool.bwd", avg_pool_backward},
    {"softmax", softmax}, {"softmax.fwd", softmax}, {"softmax.bwd", softmax_backward},
    {"log_softmax", log_softmax}, {"log_softmax.fwd", log_softmax}, {"log_softmax.bwd", log_softmax_backward},
    {"layer_norm", layer_norm}, {"layer_norm.fwd", layer_norm}, {"layer_norm.bwd", layer_norm_backward},
    {"batch_norm", batch_norm}, {"batch_norm.fwd", batch_norm}, {"batch_norm.bwd", batch_norm_backward},
    {"cross_entropy", cross_entropy}, {"cross_entropy.fwd", cross_entropy}, {"cross_entropy.bwd", cross_entropy_backward},
    {"soft_cross_entropy", soft_cross_entropy}, {"soft_cross_entropy.fwd", soft_cross_entropy}, {"soft_cross_entropy.bwd", soft_cross_entropy_backward},
    {"embedding", embedding}, {"embedding.fwd", embedding}, {"embedding.bwd", embedding_backward},
    {"attention", attention}, {"attention.fwd", attention}, {"attention.bwd", attention_backward},
};

}  // namespace

bool runs_in_libtorch(const Spec& spec, at::Device device) {
    return spec.count() > 0 && (spec.dtype == DType::Float32 || spec.dtype == DType::Float64 || (is_half(spec.dtype) && !device.is_cpu()));
}

bool runs_in_libtorch(const OpSite& site) {
    return std::all_of(site.inputs.begin(), site.inputs.end(), [&](const Spec& spec) { return runs_in_libtorch(spec, site.device); });
}

Kernel composite_kernel(const std::string& name, const OpSite& site) {
    const auto entry = std::find_if(std::begin(table), std::end(table), [&](const CompositeEntry& item) { return name == item.name; });
    if (entry == std::end(table) || site.outputs.empty()) return nullptr;
    Parameters attributes;
    for (const Value& pair : site.parameters["attributes"].tuple()) attributes.add(pair.tuple()[0].text(), pair.tuple()[1]);
    return entry->make(site, attributes);
}

}  // namespace brainstate
