// Factorisations of matrices in the last two axes, triangular systems, and Fourier transforms.
#include "ops/support.h"

namespace brainstate {

namespace {

Kernel nothing() {
    return [](const at::Tensor*, at::Tensor*) {};
}

at::Tensor real_part(const at::Tensor& x) { return x.is_complex() ? at::real(x) : x; }

Kernel make_cholesky(const OpSite& site) {
    if (site.outputs[0].count() == 0) return nothing();
    return [](const at::Tensor* in, at::Tensor* out) {
        const auto [lower, info] = at::linalg_cholesky_ex(in[0]);
        // LAPACK says so where a matrix is not positive definite, but may overlook NaN.
        const at::Tensor is_definite = at::all(at::gt(real_part(at::diagonal(lower, 0, -2, -1)), 0), -1);
        const at::Tensor fails = at::logical_or(at::ne(info, 0), at::logical_not(is_definite));
        out->copy_(at::tril(at::masked_fill(lower, fails.unsqueeze(-1).unsqueeze(-1), std::numeric_limits<double>::quiet_NaN())));
    };
}

Kernel make_qr(const OpSite& site) {
    const char* mode = site.parameters["full_matrices"].integer() != 0 ? "complete" : "reduced";
    return [mode](const at::Tensor* in, at::Tensor* out) {
        const auto [q, r] = at::linalg_qr(in[0], mode);
        out[0].copy_(q);
        out[1].copy_(r);
    };
}

// The order of the rows that exchanging each with its pivot in turn makes.
void permute_on_cpu(const at::Tensor& pivots, const at::Tensor& order) {
    const int64_t count = pivots.size(-1), rows = order.size(-1);
    const auto* pivot = elements_of<int32_t>(pivots);
    auto* place = elements_of<int32_t>(order);
    for (int64_t matrix = 0; matrix < order.numel() / rows; matrix++, pivot += count, place += rows) {
        for (int64_t i = 0; i < rows; i++) place[i] = static_cast<int32_t>(i);
        for (int64_t i = 0; i < count; i++) std::swap(place[i], place[pivot[i]]);
    }
}

Kernel make_lu(const OpSite& site) {
    const int64_t rows = site.inputs[0].shape[site.inputs[0].shape.size() - 2];
    if (site.outputs[2].count() == 0) return nothing();
    if (site.inputs[0].count() == 0) return [](const at::Tensor*, at::Tensor* out) { out[2].copy_(at::arange(out[2].size(-1), out[2].options())); };
    return [rows](const at::Tensor* in, at::Tensor* out) {
        const auto [factors, pivots, info] = at::linalg_lu_factor_ex(in[0]);
        out[0].copy_(factors);
        at::sub_out(out[1], pivots, 1);
        if (out->is_cpu()) return permute_on_cpu(out[1], out[2]);
        // x = P·L·U: row p[i] of x is row i of L·U.
        const auto [permutation, lower, upper] = at::lu_unpack(factors, pivots, false, true);
        out[2].copy_(at::argmax(real_part(permutation), -2));
    };
}

Kernel make_eigh(const OpSite& site) {
    const char* triangle = site.parameters["lower"].integer() != 0 ? "L" : "U";
    if (site.outputs[0].count() == 0) return nothing();
    return [triangle](const at::Tensor* in, at::Tensor* out) {
        const auto [values, vectors] = at::linalg_eigh(in[0], triangle);
        out[0].copy_(vectors);
        out[1].copy_(values);
    };
}

Kernel make_svd(const OpSite& site) {
    const bool is_full = site.parameters["full_matrices"].integer() != 0;
    if (site.parameters["compute_uv"].integer() == 0) {
        if (site.outputs[0].count() == 0) return nothing();
        return [](const at::Tensor* in, at::Tensor* out) { out->copy_(at::linalg_svdvals(in[0])); };
    }
    return [is_full](const at::Tensor* in, at::Tensor* out) {
        const auto [u, s, vh] = at::linalg_svd(in[0], is_full);
        out[0].copy_(s);
        out[1].copy_(u);
        out[2].copy_(vh);
    };
}

Kernel make_triangular_solve(const OpSite& site) {
    const Parameters& p = site.parameters;
    const std::string& transpose = p["transpose_a"].text();
    const bool is_left = p["left_side"].integer() != 0, is_unit = p["unit_diagonal"].integer() != 0;
    const bool transposes = transpose != "None", conjugates = transpose == "Adjoint" && is_complex(site.inputs[0].dtype);
    const bool is_upper = (p["lower"].integer() == 0) != transposes;
    if (site.outputs[0].count() == 0) return nothing();
    return [=](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor a = transposes ? in[0].transpose(-2, -1) : in[0];
        out->copy_(at::linalg_solve_triangular(conjugates ? at::conj_physical(a) : a, in[1], is_upper, is_left, is_unit));
    };
}

Kernel make_fft(const OpSite& site) {
    const Dims lengths = site.parameters["fft_lengths"].ints();
    const std::string& type = site.parameters["fft_type"].text();
    Dims axes;
    for (size_t i = 0; i < lengths.size(); i++) axes.push_back(static_cast<int64_t>(i) - static_cast<int64_t>(lengths.size()));
    if (site.outputs[0].count() == 0) return nothing();
    if (type == "Fft") return [lengths, axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::fft_fftn(in[0], lengths, axes)); };
    if (type == "IFft") return [lengths, axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::fft_ifftn(in[0], lengths, axes)); };
    if (type == "RFft") return [lengths, axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::fft_rfftn(in[0], lengths, axes)); };
    return [lengths, axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::fft_irfftn(in[0], lengths, axes)); };
}

}  // namespace

const OpTable& algebra_ops() {
    static const OpTable table = {
        {"cholesky", make_cholesky}, {"qr", make_qr}, {"lu", make_lu}, {"triangular_solve", make_triangular_solve}, {"fft", make_fft},
        {"eigh", make_eigh, true}, {"svd", make_svd, true},
    };
    return table;
}

}  // namespace brainstate
