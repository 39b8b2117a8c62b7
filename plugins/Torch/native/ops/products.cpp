// Sums of products over axes.
#include "ops/convolution.h"
#include "ops/matrices.h"
#include "ops/support.h"

namespace brainstate {

namespace {

// One operand as a batch of matrices: a view, or a copy where no strides can say it.
struct Arrangement {
    Dims order, shape;

    at::Tensor of(const at::Tensor& x) const { return x.permute(order).reshape(shape); }
};

Kernel make_dot_general(const OpSite& site) {
    const Value::Tuple& numbers = site.parameters["dimension_numbers"].tuple();
    const Dims lhs_contracting = numbers.at(0).tuple().at(0).ints(), rhs_contracting = numbers.at(0).tuple().at(1).ints();
    const Dims lhs_batch = numbers.at(1).tuple().at(0).ints(), rhs_batch = numbers.at(1).tuple().at(1).ints();
    const Dims &lhs = site.inputs[0].shape, &rhs = site.inputs[1].shape;
    const Dims lhs_free = axes_except(static_cast<int64_t>(lhs.size()), joined(lhs_batch, lhs_contracting));
    const Dims rhs_free = axes_except(static_cast<int64_t>(rhs.size()), joined(rhs_batch, rhs_contracting));
    const int64_t b = count_of(pick(lhs, lhs_batch)), m = count_of(pick(lhs, lhs_free)), k = count_of(pick(lhs, lhs_contracting)), n = count_of(pick(rhs, rhs_free));
    Arrangement left{joined(joined(lhs_batch, lhs_free), lhs_contracting), {m, k}}, right{joined(joined(rhs_batch, rhs_contracting), rhs_free), {k, n}};
    Dims result{m, n};
    if (b != 1)
        for (Dims* shape : {&left.shape, &right.shape, &result}) shape->insert(shape->begin(), b);
    const MatrixProduct product(site.inputs[0].dtype, site.outputs[0].dtype, site.device);
    return [left, right, result, product](const at::Tensor* in, at::Tensor* out) { product.run(left.of(in[0]), right.of(in[1]), out->view(result)); };
}

}  // namespace

const OpTable& product_ops() {
    static const OpTable table = {{"dot_general", make_dot_general}, {"conv_general_dilated", make_convolution}};
    return table;
}

}  // namespace brainstate
