#include "ops/attention.h"

#include <cmath>

#include <ATen/core/LegacyTypeDispatch.h>

#include "ops/composites.h"
#include "ops/rows.h"

namespace brainstate {

namespace {

constexpr int64_t most_queries = 128;  // of a block

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();

// Operands as products of matrices read them.
at::Tensor with_dense_rows(const at::Tensor& x) { return x.stride(-1) == 1 ? x : x.contiguous(); }

class Attention {
public:
    Attention(const OpSite& site, const Parameters& attributes)
        : scale(attributes["scale"].real()), is_causal(attributes["causal"].integer() != 0), has_mask(attributes["mask"].integer() != 0), batch(site.inputs[0].shape[0]),
          queries(site.inputs[0].shape[1]), heads(site.inputs[0].shape[2]), keys(site.inputs[1].shape[1]), kv_heads(site.inputs[1].shape[2]),
          blocks((queries + most_queries - 1) / most_queries) {}

    // Few scores are computed faster by products of all heads together, as the body does.
    static bool is_worthwhile(const OpSite& site) {
        constexpr int64_t fewest_scores = 64 * 64;  // of a head
        return site.is_cpu() && site.inputs[0].shape[1] * site.inputs[1].shape[1] >= fewest_scores && std::all_of(site.inputs.begin(), site.inputs.end(), [&](const Spec& spec) {
            return spec.dtype == DType::Bool ? spec.count() > 0 : runs_in_libtorch(spec, site.device);
        });
    }

    // The logarithms of sums of exponentials of scores are left out where they are null.
    template <class T>
    void run(const at::Tensor* in, const at::Tensor& y, T* log_sums) const {
        const at::Tensor query = with_dense_rows(in[0]), key = with_dense_rows(in[1]), value = with_dense_rows(in[2]), mask = mask_of(in);
        for_tasks(batch * heads * blocks, [&](int64_t task) {
            const Block block(*this, task / blocks / heads, task / blocks % heads, task % blocks);
            at::Tensor scores = at::empty({block.rows, block.seen}, query.options()), mixed = block.of_queries(y);
            at::mm_out(scores, block.of_queries(query), block.of_keys(key).t());
            T divisors[most_queries];
            for (int64_t row = 0; row < block.rows; row++) {
                const Seen seen = block.seen_by(row, mask);
                T* s = elements_of<T>(scores) + row * block.seen;
                weigh(s, seen);
                const T largest = largest_of(s, seen.count), offset = largest == -infinity<T> ? T(0) : largest;
                exponentiate(s, seen, offset);
                const T total = total_of<T>(seen.count, [=](int64_t i) { return s[i]; });
                divisors[row] = total > 0 ? total : T(1);
                if (log_sums) log_sums[block.place_of(row)] = total > 0 ? std::log(total) + offset : -infinity<T>;
            }
            at::mm_out(mixed, scores, block.of_keys(value));
            for (int64_t row = 0; row < block.rows; row++) {
                T* to = elements_of<T>(mixed) + row * mixed.stride(0);
                for (int64_t i = 0; i < mixed.size(1); i++) to[i] /= divisors[row];
            }
        });
    }

    // Heads that share keys take turns, as they add to the same gradient.
    template <class T>
    void differentiate(const at::Tensor* in, const at::Tensor* out) const {
        const at::Tensor query = with_dense_rows(in[0]), key = with_dense_rows(in[1]), value = with_dense_rows(in[2]), mask = mask_of(in);
        const at::Tensor *rest = in + (has_mask ? 4 : 3), y = rest[0].contiguous(), log_sums = rest[1].contiguous(), dy = rest[2].contiguous();
        const int64_t group = heads / kv_heads;
        out[1].zero_();
        out[2].zero_();
        for_tasks(batch * kv_heads, [&](int64_t task) {
            for (int64_t turn = 0; turn < group * blocks; turn++) {
                const Block block(*this, task / kv_heads, task % kv_heads * group + turn / blocks, turn % blocks);
                const at::Tensor q = block.of_queries(query), k = block.of_keys(key), dmixed = block.of_queries(dy), mixed = block.of_queries(y);
                at::Tensor dq = block.of_queries(out[0]), dk = block.of_keys(out[1]), dv = block.of_keys(out[2]);
                at::Tensor weights = at::empty({block.rows, block.seen}, q.options()), dscores = at::empty_like(weights);
                at::mm_out(weights, q, k.t());
                at::mm_out(dscores, dmixed, block.of_keys(value).t());
                for (int64_t row = 0; row < block.rows; row++) {
                    const Seen seen = block.seen_by(row, mask);
                    T *w = elements_of<T>(weights) + row * block.seen, *d = elements_of<T>(dscores) + row * block.seen;
                    const T log_sum = elements_of<T>(log_sums)[block.place_of(row)];
                    weigh(w, seen);
                    exponentiate(w, seen, log_sum == -infinity<T> ? T(0) : log_sum);
                    const T *a = elements_of<T>(mixed) + row * mixed.stride(0), *b = elements_of<T>(dmixed) + row * dmixed.stride(0);
                    const T common = total_of<T>(mixed.size(1), [=](int64_t i) { return a[i] * b[i]; });
                    for (int64_t i = 0; i < seen.count; i++) d[i] = static_cast<T>(scale) * (w[i] * (d[i] - common));
                    std::fill(d + seen.count, d + block.seen, T(0));
                }
                at::mm_out(dq, dscores, k);
                at::addmm_out(dk, dk, dscores.t(), q);
                at::addmm_out(dv, dv, weights.t(), dmixed);
            }
        });
    }

private:
    double scale;
    bool is_causal, has_mask;
    int64_t batch, queries, heads, keys, kv_heads, blocks;

    // The keys that a query sees: of the first `count`, which its position lets it see, those where the mask is true, if there is one.
    struct Seen {
        int64_t count, all;  // all: that some query of the block may see
        const bool* mask;
    };

    // Some queries of a head of an example.
    struct Block {
        const Attention& of;
        int64_t example, head, begin, rows, seen;  // seen: how many keys the last query sees

        Block(const Attention& attention, int64_t example_number, int64_t head_number, int64_t number)
            : of(attention), example(example_number), head(head_number), begin(number * most_queries), rows(std::min(most_queries, of.queries - begin)),
              seen(of.is_causal ? std::min(of.keys, begin + rows) : of.keys) {}

        at::Tensor of_queries(const at::Tensor& x) const { return x.select(0, example).select(1, head).narrow(0, begin, rows); }
        at::Tensor of_keys(const at::Tensor& x) const { return x.select(0, example).select(1, head / (of.heads / of.kv_heads)).narrow(0, 0, seen); }
        int64_t place_of(int64_t row) const { return (example * of.heads + head) * of.queries + begin + row; }

        Seen seen_by(int64_t row, const at::Tensor& mask) const {
            const int64_t count = of.is_causal ? std::min(seen, begin + row + 1) : seen;
            return {count, seen, of.has_mask ? elements_of<bool>(mask) + example * mask.stride(0) + head * mask.stride(1) + (begin + row) * mask.stride(2) : nullptr};
        }
    };

    // Only along keys it is as long as they are, and dense.
    at::Tensor mask_of(const at::Tensor* in) const {
        if (!has_mask) return {};
        const at::Tensor& mask = in[3];
        return mask.expand({mask.size(0), mask.size(1), mask.size(2), keys}).contiguous().expand({batch, heads, queries, keys});
    }

    template <class F>
    void for_tasks(int64_t count, F&& f) const {
        at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
            const at::AutoDispatchBelowADInplaceOrView below_autograd;  // of this thread
            for (int64_t task = begin; task < end; task++) f(task);
        });
    }

    // Products as scores.
    template <class T>
    void weigh(T* s, const Seen& seen) const {
        for (int64_t i = 0; i < seen.count; i++) s[i] *= static_cast<T>(scale);
        if (!seen.mask) return;
        for (int64_t i = 0; i < seen.count; i++) s[i] = seen.mask[i] ? s[i] : -infinity<T>;
    }

    // exp(s − offset), and 0 for keys that are not seen: not as exp(−∞), which takes many times as long.
    template <class T>
    static void exponentiate(T* s, const Seen& seen, T offset) {
        if (seen.mask)
            for (int64_t i = 0; i < seen.count; i++) s[i] = seen.mask[i] ? s[i] - offset : T(0);
        else
            for (int64_t i = 0; i < seen.count; i++) s[i] -= offset;
        exp_into(s, s, seen.count);
        if (seen.mask)
            for (int64_t i = 0; i < seen.count; i++) s[i] = seen.mask[i] ? s[i] : T(0);
        std::fill(s + seen.count, s + seen.all, T(0));
    }
};

}  // namespace

Kernel attention(const OpSite& site, const Parameters& attributes) {
    if (!Attention::is_worthwhile(site)) return nullptr;
    return [attention = Attention(site, attributes), dtype = site.inputs[0].dtype, keeps_sums = site.outputs.size() > 1](const at::Tensor* in, at::Tensor* out) {
        with_real(dtype, [&](auto type) { attention.run(in, out[0], keeps_sums ? elements_of<decltype(type)>(out[1]) : nullptr); });
    };
}

Kernel attention_backward(const OpSite& site, const Parameters& attributes) {
    if (!Attention::is_worthwhile(site) || site.outputs.size() != 3) return nullptr;
    return [attention = Attention(site, attributes), dtype = site.inputs[0].dtype](const at::Tensor* in, at::Tensor* out) {
        with_real(dtype, [&](auto type) { attention.differentiate<decltype(type)>(in, out); });
    };
}

}  // namespace brainstate
