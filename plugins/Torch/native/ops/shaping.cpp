// Ops that put elements elsewhere.
#include "ops/padding.h"
#include "ops/support.h"

namespace brainstate {

namespace {

Kernel make_rev(const OpSite& site) {
    const Dims axes = site.parameters["dimensions"].ints();
    if (axes.empty() || site.outputs[0].count() == 0) return [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[0]); };
    return [axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::flip(in[0], axes)); };
}

Kernel make_concatenate(const OpSite& site) {
    const int64_t axis = site.parameters["dimension"].integer();
    const size_t count = site.inputs.size();
    return [axis, count](const at::Tensor* in, at::Tensor* out) {
        at::cat_out(*out, at::TensorList(in, count), axis);
    };
}

Kernel make_pad(const OpSite& site) {
    std::vector<AxisPadding> padding;
    for (const Value& axis : site.parameters["padding_config"].tuple()) {
        const Dims amounts = axis.ints();
        padding.push_back({amounts[0], amounts[1], amounts[2]});
    }
    return [place = Padded(site.inputs[0].shape, padding)](const at::Tensor* in, at::Tensor* out) {
        if (!place.is_full()) {
            if (out->is_cpu()) out->fill_(in[1].item());
            else out->copy_(in[1]);
        }
        place.inner(*out).copy_(place.visible(in[0]));
    };
}

Kernel make_iota(const OpSite& site) {
    const Spec& spec = site.outputs[0];
    const int64_t axis = site.parameters["dimension"].integer();
    const at::Tensor numbers = counting(spec.shape[axis], 1, axis, static_cast<int64_t>(spec.shape.size()), site.device);
    return [numbers, dtype = spec.dtype](const at::Tensor*, at::Tensor* out) { convert_into(*out, dtype, numbers.expand_as(*out), DType::Int64); };
}

// The bytes stay where they are, so the result is looked at as elements of the operand.
Kernel make_bitcast(const OpSite& site) {
    const DType from = site.inputs[0].dtype;
    const bool narrows = size_of(from) > size_of(site.outputs[0].dtype), widens = size_of(from) < size_of(site.outputs[0].dtype);
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    return [type = scalar_type(from), narrows, widens](const at::Tensor* in, at::Tensor* out) {
        if (narrows) out->view(type).squeeze(-1).copy_(in[0]);
        else (widens ? out->unsqueeze(-1) : *out).view(type).copy_(in[0]);
    };
}

}  // namespace

const OpTable& shaping_ops() {
    static const OpTable table = {
        {"rev", make_rev}, {"concatenate", make_concatenate}, {"pad", make_pad}, {"iota", make_iota}, {"bitcast_convert_type", make_bitcast},
    };
    return table;
}

}  // namespace brainstate
