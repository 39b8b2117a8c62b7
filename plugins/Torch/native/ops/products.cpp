// Sums of products over axes.
#include "ops/convolution.h"
#include "ops/matrices.h"
#include "ops/small_product.h"
#include "ops/support.h"

namespace brainstate {

namespace {

// The axes of one operand: those of the batch, those that it alone has, and those that are summed over.
struct OperandAxes {
    Dims batch, free, contracting;

    OperandAxes(const Spec& spec, Dims batch_axes, Dims contracting_axes)
        : batch(std::move(batch_axes)),
          free(axes_except(static_cast<int64_t>(spec.shape.size()), joined(batch, contracting_axes))),
          contracting(std::move(contracting_axes)) {}

    bool are_single() const { return batch.size() <= 1 && free.size() <= 1 && contracting.size() <= 1; }
};

// One operand as a batch of matrices: a view, or a copy where no strides can say it.
class Arrangement {
public:
    Arrangement(const Spec& spec, Dims axes, Dims sizes) : order(std::move(axes)), shape(std::move(sizes)) {
        for (size_t i = 0; i < order.size(); i++) permutes = permutes || order[i] != static_cast<int64_t>(i);
        reshapes = shape != pick(spec.shape, order);
    }

    at::Tensor of(const at::Tensor& x) const {
        const at::Tensor ordered = permutes ? x.permute(order) : x;
        return reshapes ? ordered.reshape(shape) : ordered;
    }

private:
    Dims order, shape;
    bool permutes = false, reshapes;
};

int64_t single(const Dims& axes) { return axes.empty() ? -1 : axes[0]; }

Kernel make_dot_general(const OpSite& site) {
    const Value::Tuple& numbers = site.parameters["dimension_numbers"].tuple();
    const Value::Tuple &contracting = numbers.at(0).tuple(), &batch = numbers.at(1).tuple();
    const Spec &lhs = site.inputs[0], &rhs = site.inputs[1], &out = site.outputs[0];
    const OperandAxes x(lhs, batch.at(0).ints(), contracting.at(0).ints()), y(rhs, batch.at(1).ints(), contracting.at(1).ints());
    const int64_t b = count_of(pick(lhs.shape, x.batch)), k = count_of(pick(lhs.shape, x.contracting));
    const int64_t m = count_of(pick(lhs.shape, x.free)), n = count_of(pick(rhs.shape, y.free));

    if (site.is_cpu() && lhs.dtype == out.dtype && out.count() * k <= SmallProduct::most_terms && x.are_single() && y.are_single()) {
        const SmallProduct product{b, m, n, k, single(x.batch), single(x.free), single(x.contracting),
                                   single(y.batch), single(y.free), single(y.contracting), lhs.dtype};
        return [product](const at::Tensor* in, at::Tensor* result) { product.run(in[0], in[1], *result); };
    }
    const auto batched = [b](Dims matrix) {
        if (b != 1) matrix.insert(matrix.begin(), b);
        return matrix;
    };
    const Arrangement left(lhs, joined(joined(x.batch, x.free), x.contracting), batched({m, k}));
    const Arrangement right(rhs, joined(joined(y.batch, y.contracting), y.free), batched({k, n}));
    return [left, right, shape = batched({m, n}), product = MatrixProduct(lhs.dtype, out.dtype, site.device)](const at::Tensor* in, at::Tensor* result) {
        product.run(left.of(in[0]), right.of(in[1]), result->view(shape));
    };
}

}  // namespace

const OpTable& product_ops() {
    static const OpTable table = {{"dot_general", make_dot_general}, {"conv_general_dilated", make_convolution}};
    return table;
}

}  // namespace brainstate
