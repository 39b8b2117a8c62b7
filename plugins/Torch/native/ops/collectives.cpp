// What the processes of a group compute together. One process alone is a group of one.
#include "distributed/group.h"
#include "ops/support.h"

namespace brainstate {

namespace {

void require_size(const Parameters& parameters) {
    const int64_t size = parameters["axis_size"].integer();
    if (size != own_group().size) throw std::invalid_argument("it is for " + std::to_string(size) + " participants, but there are " + std::to_string(own_group().size));
}

// The dtype that the group adds up in, in which a sum is rounded once or wraps around as in its own.
at::ScalarType sum_type(DType dtype) {
    if (is_half(dtype) || dtype == DType::Float32 || dtype == DType::Complex64) return at::kFloat;
    if (dtype == DType::Float64 || dtype == DType::Complex128) return at::kDouble;
    return size_of(dtype) == 8 ? at::kLong : at::kInt;
}

at::Tensor sum_over_group(const at::Tensor& x, DType dtype) {
    at::Tensor sum = (is_complex(dtype) ? at::view_as_real(x) : x).to(sum_type(dtype), false, true).contiguous();
    own_group().reduce(sum, Reduction::Sum);
    return is_complex(dtype) ? at::view_as_complex(sum) : sum;
}

Kernel make_sum(const OpSite& site) {
    return [dtype = site.inputs[0].dtype](const at::Tensor* in, at::Tensor* out) { out->copy_(sum_over_group(in[0], dtype)); };
}

template <bool is_max>
Kernel make_extreme(const OpSite& site) {
    return [dtype = site.inputs[0].dtype](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor keys = order_keys(in[0].contiguous(), dtype, is_max);
        at::Tensor extreme = keys.to(at::kLong, false, true);
        own_group().reduce(extreme, is_max ? Reduction::Max : Reduction::Min);
        out->copy_(from_order_keys(extreme.to(keys.scalar_type()), dtype));
    };
}

Kernel make_index(const OpSite&) {
    return [](const at::Tensor*, at::Tensor* out) { out->fill_(own_group().rank); };
}

Kernel make_permutation(const OpSite& site) {
    int to = -1, from = -1;
    for (const Value& pair : site.parameters["perm"].tuple()) {
        const Dims ends = pair.ints();
        if (std::max(ends.at(0), ends.at(1)) >= own_group().size)
            throw std::invalid_argument("it sends from " + std::to_string(ends[0]) + " to " + std::to_string(ends[1]) + ", but there are " +
                                        std::to_string(own_group().size) + " participants");
        if (ends[0] == own_group().rank) to = static_cast<int>(ends[1]);
        if (ends[1] == own_group().rank) from = static_cast<int>(ends[0]);
    }
    return [to, from](const at::Tensor* in, at::Tensor* out) { out->copy_(own_group().exchange(in[0].contiguous(), to, from)); };
}

Kernel make_gather(const OpSite& site) {
    require_size(site.parameters);
    return [axis = site.parameters["all_gather_dimension"].integer()](const at::Tensor* in, at::Tensor* out) {
        out->copy_(own_group().gather(in[0].contiguous()).movedim(0, axis));
    };
}

Kernel make_scatter(const OpSite& site) {
    require_size(site.parameters);
    return [axis = site.parameters["scatter_dimension"].integer(), dtype = site.inputs[0].dtype](const at::Tensor* in, at::Tensor* out) {
        out->copy_(sum_over_group(in[0], dtype).select(axis, own_group().rank));
    };
}

Kernel make_all_to_all(const OpSite& site) {
    require_size(site.parameters);
    return [split = site.parameters["split_axis"].integer(), concat = site.parameters["concat_axis"].integer()](const at::Tensor* in, at::Tensor* out) {
        out->copy_(own_group().gather(in[0].contiguous()).select(split + 1, own_group().rank).movedim(0, concat));
    };
}

}  // namespace

const OpTable& collective_ops() {
    static const OpTable table = {
        {"psum", make_sum, true},
        {"pmax", make_extreme<true>, true},
        {"pmin", make_extreme<false>, true},
        {"axis_index", make_index},
        {"ppermute", make_permutation, true},
        {"all_gather", make_gather, true},
        {"reduce_scatter", make_scatter, true},
        {"all_to_all", make_all_to_all, true},
    };
    return table;
}

}  // namespace brainstate
