#include "ops/losses.h"

#include <cmath>

#include "ops/composites.h"
#include "ops/rows.h"

namespace brainstate {

namespace {

// What the logits of a row have to lose to become logarithms of probabilities. In two steps, as logits and their logarithms may differ much in size.
template <class T>
struct Normalizer {
    T largest, log_total;

    T operator()(T logit) const { return (logit - largest) - log_total; }
};

// Calls f with the number of each row and its normalizer.
template <class T, class F>
void for_normalized_rows(const T* logits, int64_t rows, int64_t classes, F&& f) {
    for_blocks_of_rows(rows, classes, [&](int64_t begin, int64_t end) {
        const auto powers = std::make_unique_for_overwrite<T[]>((end - begin) * classes);
        const auto largest = std::make_unique_for_overwrite<T[]>(end - begin);
        for (int64_t row = begin; row < end; row++) {
            const T *x = logits + row * classes, most = largest[row - begin] = largest_of(x, classes);
            T* power = powers.get() + (row - begin) * classes;
            for (int64_t i = 0; i < classes; i++) power[i] = x[i] - most;
        }
        exp_into(powers.get(), powers.get(), (end - begin) * classes);
        for (int64_t row = begin; row < end; row++) {
            const T* power = powers.get() + (row - begin) * classes;
            f(row, Normalizer<T>{largest[row - begin], std::log(total_of<T>(classes, [=](int64_t i) { return power[i]; }))});
        }
    });
}

template <class T>
void normalize(const T* logits, const Normalizer<T>& normalizer, T* log_probabilities, int64_t classes) {
    for (int64_t i = 0; i < classes; i++) log_probabilities[i] = normalizer(logits[i]);
}

// ln of a probability, with 0 for ln 0 where the label is 0.
template <class T>
T counted(T log_probability, T label) {
    return (label == 0) & (log_probability == -std::numeric_limits<T>::infinity()) ? T(0) : log_probability;
}

bool is_loss(const OpSite& site) { return runs_in_libtorch(site.inputs[0], site.device) && site.outputs[0].count() > 0; }

bool keeps_probabilities(const OpSite& site) { return site.outputs.size() > 1 && site.is_wanted(1); }

bool is_class(int64_t label, int64_t classes) { return label >= 0 && label < classes; }

Kernel cross_entropy_on_device(const OpSite& site) {
    return [=, dtype = site.inputs[1].dtype, keeps = site.outputs.size() > 1](const at::Tensor* in, at::Tensor* out) {
        at::Tensor log_probabilities = keeps ? out[1] : at::empty_like(in[0]);
        at::_log_softmax_out(log_probabilities, in[0], -1, false);
        const at::Tensor labels = index_values(in[1], dtype), bounded = at::clamp(labels, 0, in[0].size(-1) - 1);
        const at::Tensor picked = at::gather(log_probabilities, -1, bounded.unsqueeze(-1)).squeeze(-1);
        out[0].copy_(at::neg(at::masked_fill(picked, at::ne(labels, bounded), 0)));
    };
}

}  // namespace

Kernel cross_entropy(const OpSite& site, const Parameters&) {
    if (!is_loss(site)) return nullptr;
    if (!site.is_cpu()) return cross_entropy_on_device(site);
    return [dtype = site.inputs[0].dtype, label_dtype = site.inputs[1].dtype, keeps = keeps_probabilities(site)](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor logits = in[0].contiguous(), labels = index_values(in[1], label_dtype).contiguous();
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const int64_t classes = logits.size(-1);
            const T* x = elements_of<T>(logits);
            for_normalized_rows(x, labels.numel(), classes, [&](int64_t row, const Normalizer<T>& normalizer) {
                const int64_t label = elements_of<int64_t>(labels)[row];
                elements_of<T>(out[0])[row] = -(is_class(label, classes) ? normalizer(x[row * classes + label]) : T(0));
                if (keeps) normalize(x + row * classes, normalizer, elements_of<T>(out[1]) + row * classes, classes);
            });
        });
    };
}

Kernel cross_entropy_backward(const OpSite& site, const Parameters&) {
    if (!is_loss(site) || !site.is_cpu()) return nullptr;
    return [dtype = site.inputs[0].dtype, label_dtype = site.inputs[1].dtype](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor log_probabilities = in[0].contiguous(), labels = index_values(in[1], label_dtype).contiguous(), dloss = in[2].contiguous();
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const int64_t classes = log_probabilities.size(-1);
            T* const dlogits = elements_of<T>(out[0]);
            for_blocks_of_rows(labels.numel(), classes, [&](int64_t begin, int64_t end) {
                exp_into(elements_of<T>(log_probabilities) + begin * classes, dlogits + begin * classes, (end - begin) * classes);
                for (int64_t row = begin; row < end; row++) {
                    const int64_t label = elements_of<int64_t>(labels)[row];
                    const T factor = is_class(label, classes) ? elements_of<T>(dloss)[row] : T(0);
                    T* d = dlogits + row * classes;
                    if (is_class(label, classes)) d[label] -= 1;
                    for (int64_t i = 0; i < classes; i++) d[i] *= factor;
                }
            });
        });
    };
}

Kernel soft_cross_entropy(const OpSite& site, const Parameters&) {
    if (!is_loss(site) || !site.is_cpu()) return nullptr;
    return [dtype = site.inputs[0].dtype, keeps = keeps_probabilities(site)](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor logits = in[0].contiguous(), labels = in[1].contiguous();
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const int64_t classes = logits.size(-1);
            for_normalized_rows(elements_of<T>(logits), out[0].numel(), classes, [&](int64_t row, const Normalizer<T>& normalizer) {
                const T *x = elements_of<T>(logits) + row * classes, *label = elements_of<T>(labels) + row * classes;
                elements_of<T>(out[0])[row] = -total_of<T>(classes, [=](int64_t i) { return label[i] * counted(normalizer(x[i]), label[i]); });
                if (keeps) normalize(x, normalizer, elements_of<T>(out[1]) + row * classes, classes);
            });
        });
    };
}

Kernel soft_cross_entropy_backward(const OpSite& site, const Parameters&) {
    if (!is_loss(site) || !site.is_cpu() || site.outputs.size() != 2) return nullptr;
    return [dtype = site.inputs[0].dtype, needs_dlogits = site.is_wanted(0), needs_dlabels = site.is_wanted(1)](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor log_probabilities = in[0].contiguous(), labels = in[1].contiguous(), dloss = in[2].contiguous();
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const int64_t classes = labels.size(-1);
            const auto dlogits_of = [&](int64_t begin, int64_t end) {
                T* const dlogits = elements_of<T>(out[0]);
                exp_into(elements_of<T>(log_probabilities) + begin * classes, dlogits + begin * classes, (end - begin) * classes);
                for (int64_t row = begin; row < end; row++) {
                    const T *label = elements_of<T>(labels) + row * classes, factor = elements_of<T>(dloss)[row];
                    const T total = total_of<T>(classes, [=](int64_t i) { return label[i]; });
                    T* d = dlogits + row * classes;
                    for (int64_t i = 0; i < classes; i++) d[i] = factor * (d[i] * total - label[i]);
                }
            };
            const auto dlabels_of = [&](int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; row++) {
                    const T *logs = elements_of<T>(log_probabilities) + row * classes, *label = elements_of<T>(labels) + row * classes, factor = elements_of<T>(dloss)[row];
                    T* d = elements_of<T>(out[1]) + row * classes;
                    for (int64_t i = 0; i < classes; i++) d[i] = -factor * counted(logs[i], label[i]);
                }
            };
            for_blocks_of_rows(dloss.numel(), classes, [&](int64_t begin, int64_t end) {
                if (needs_dlogits) dlogits_of(begin, end);
                if (needs_dlabels) dlabels_of(begin, end);
            });
        });
    };
}

}  // namespace brainstate
