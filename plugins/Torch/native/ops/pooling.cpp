#include "ops/pooling.h"

#include <array>

#include "ops/edges.h"
#include "ops/rows.h"

namespace brainstate {

namespace {

// The windows over one image, of up to three axes; axes that are not there have one place.
class Windows {
public:
    Windows(const Dims& images, const Dims& results, const Parameters& attributes) : batch(images.front()), channels(images.back()) {
        const Dims size = attributes["size"].ints(), stride = attributes["strides"].ints(), low = Edges(attributes["padding"]).low;
        for (size_t i = 0; i < size.size(); i++) axes[most_axes - size.size() + i] = {images[i + 1], results[i + 1], size[i], stride[i], low[i]};
        for (const Axis& axis : axes) {
            places *= axis.size;
            count *= axis.count;
            elements *= axis.window;
        }
    }

    static bool is_possible(const Dims& images, const Parameters& attributes) {
        const Dims size = attributes["size"].ints();
        return size.size() <= most_axes && images.size() == size.size() + 2 && Edges(attributes["padding"]).are_covered_by(size);
    }

    const int64_t batch, channels;
    int64_t places = 1;    // of an image
    int64_t count = 1;     // of windows over an image
    int64_t elements = 1;  // of a window, with padding

    // The part of a window that is no padding.
    struct Box {
        std::array<int64_t, 3> begin, end;

        int64_t count() const { return (end[0] - begin[0]) * (end[1] - begin[1]) * (end[2] - begin[2]); }
    };

    // Calls f with the number of each image, on several threads.
    template <class F>
    void for_images(F&& f) const {
        at::parallel_for(0, batch, 1 + 16384 / (count * elements * channels), [&](int64_t begin, int64_t end) {
            for (int64_t image = begin; image < end; image++) f(image);
        });
    }

    // Calls f with the number of each window of an image, and its box.
    template <class F>
    void for_windows(F&& f) const {
        Box box;
        int64_t window = 0;
        const auto enter = [&](size_t axis, int64_t i) {
            box.begin[axis] = std::max<int64_t>(0, i * axes[axis].stride - axes[axis].low);
            box.end[axis] = std::min(axes[axis].size, i * axes[axis].stride - axes[axis].low + axes[axis].window);
        };
        for (int64_t i = 0; i < axes[0].count; i++) {
            enter(0, i);
            for (int64_t j = 0; j < axes[1].count; j++) {
                enter(1, j);
                for (int64_t k = 0; k < axes[2].count; k++) {
                    enter(2, k);
                    f(window++, box);
                }
            }
        }
    }

    // Calls f with the places of a box in row-major order.
    template <class F>
    void for_places(const Box& box, F&& f) const {
        for (int64_t i = box.begin[0]; i < box.end[0]; i++)
            for (int64_t j = box.begin[1]; j < box.end[1]; j++)
                for (int64_t k = box.begin[2]; k < box.end[2]; k++) f((i * axes[1].size + j) * axes[2].size + k);
    }

private:
    static constexpr size_t most_axes = 3;
    struct Axis {
        int64_t size = 1, count = 1, window = 1, stride = 1, low = 0;
    };
    std::array<Axis, most_axes> axes;
};

// As ATen does: the first of equals, and NaN before everything. Without a jump, which nobody could predict.
template <class T>
bool is_preferred(T x, T best) {
    return (x > best) | (x != x);
}

template <class T>
void max_of_windows(const Windows& windows, const T* x, T* y) {
    const int64_t channels = windows.channels;
    windows.for_images([&](int64_t image) {
        const T* from = x + image * windows.places * channels;
        T* to = y + image * windows.count * channels;
        windows.for_windows([&](int64_t window, const Windows::Box& box) {
            T* best = to + window * channels;
            std::fill(best, best + channels, -std::numeric_limits<T>::infinity());
            windows.for_places(box, [&](int64_t place) {
                const T* element = from + place * channels;
                for (int64_t c = 0; c < channels; c++) best[c] = is_preferred(element[c], best[c]) ? element[c] : best[c];
            });
        });
    });
}

// The first element of a window that is its largest gets what there is, and the others what is left of it: nothing.
template <class T>
void max_gradient(const Windows& windows, const T* x, const T* dy, T* dx) {
    constexpr int64_t most = 64;
    const int64_t channels = windows.channels;
    windows.for_images([&](int64_t image) {
        const T *from = x + image * windows.places * channels, *gradient = dy + image * windows.count * channels;
        T* to = dx + image * windows.places * channels;
        std::fill(to, to + windows.places * channels, T(0));
        for (int64_t first = 0; first < channels; first += most) {
            const int64_t count = std::min(most, channels - first);
            windows.for_windows([&](int64_t window, const Windows::Box& box) {
                T best[most], left[most];
                std::fill(best, best + count, -std::numeric_limits<T>::infinity());
                std::copy_n(gradient + window * channels + first, count, left);
                windows.for_places(box, [&](int64_t place) {
                    const T* element = from + place * channels + first;
                    for (int64_t c = 0; c < count; c++) best[c] = is_preferred(element[c], best[c]) ? element[c] : best[c];
                });
                windows.for_places(box, [&](int64_t place) {
                    const T* element = from + place * channels + first;
                    T* sum = to + place * channels + first;
#pragma GCC ivdep
                    for (int64_t c = 0; c < count; c++) {
                        const bool is_best = (element[c] == best[c]) | (element[c] != element[c]);
                        sum[c] += is_best ? left[c] : T(0);
                        left[c] = is_best ? T(0) : left[c];
                    }
                });
            });
        }
    });
}

template <class T>
void mean_of_windows(const Windows& windows, bool counts_padding, const T* x, T* y) {
    const int64_t channels = windows.channels;
    windows.for_images([&](int64_t image) {
        const T* from = x + image * windows.places * channels;
        T* to = y + image * windows.count * channels;
        windows.for_windows([&](int64_t window, const Windows::Box& box) {
            T* total = to + window * channels;
            std::fill(total, total + channels, T(0));
            windows.for_places(box, [&](int64_t place) {
                for (int64_t c = 0; c < channels; c++) total[c] += from[place * channels + c];
            });
            const T divisor = static_cast<T>(counts_padding ? windows.elements : box.count());
            for (int64_t c = 0; c < channels; c++) total[c] /= divisor;
        });
    });
}

template <class T>
void mean_gradient(const Windows& windows, bool counts_padding, const T* dy, T* dx) {
    const int64_t channels = windows.channels;
    windows.for_images([&](int64_t image) {
        const T* gradient = dy + image * windows.count * channels;
        T* to = dx + image * windows.places * channels;
        std::fill(to, to + windows.places * channels, T(0));
        windows.for_windows([&](int64_t window, const Windows::Box& box) {
            const T divisor = static_cast<T>(counts_padding ? windows.elements : box.count());
            windows.for_places(box, [&](int64_t place) {
                for (int64_t c = 0; c < channels; c++) to[place * channels + c] += gradient[window * channels + c] / divisor;
            });
        });
    });
}

// Windows over two axes, as ATen takes them.
struct DevicePool {
    Dims size, strides, padding;

    explicit DevicePool(const Parameters& attributes)
        : size(attributes["size"].ints()), strides(attributes["strides"].ints()), padding(Edges(attributes["padding"]).low) {}

    static bool is_possible(const Parameters& attributes) {
        const Edges edges(attributes["padding"]);
        const Dims size = attributes["size"].ints();
        if (size.size() != 2 || !edges.is_symmetric()) return false;
        for (size_t i = 0; i < size.size(); i++)
            if (edges.low[i] * 2 > size[i]) return false;
        return true;
    }
};

// Our loops on cpu, called with an element of the dtype, and ATen elsewhere; null where these do not take the site.
template <class Loops, class OnDevice>
Kernel pool(const OpSite& site, const Dims& images, const Dims& results, const Parameters& attributes, Loops loops, OnDevice on_device) {
    const DType dtype = site.inputs[0].dtype;
    if (count_of(images) == 0 || count_of(results) == 0) return nullptr;
    if (!site.is_cpu()) {
        if (!DevicePool::is_possible(attributes)) return nullptr;
        return [on_device, pool = DevicePool(attributes)](const at::Tensor* in, at::Tensor* out) { on_device(pool, in, out); };
    }
    if ((dtype != DType::Float32 && dtype != DType::Float64) || !Windows::is_possible(images, attributes)) return nullptr;
    return [loops, dtype, windows = Windows(images, results, attributes)](const at::Tensor* in, at::Tensor* out) {
        with_real(dtype, [&](auto element) { loops(element, windows, in, out); });
    };
}

}  // namespace

Kernel max_pool(const OpSite& site, const Parameters& attributes) {
    return pool(
        site, site.inputs[0].shape, site.outputs[0].shape, attributes,
        []<class T>(T, const Windows& windows, const at::Tensor* in, at::Tensor* out) {
            max_of_windows(windows, elements_of<T>(in[0].contiguous()), elements_of<T>(out[0]));
        },
        [](const DevicePool& pool, const at::Tensor* in, at::Tensor* out) {
            channels_second(out[0]).copy_(at::max_pool2d(channels_second(in[0]), pool.size, pool.strides, pool.padding));
        });
}

Kernel max_pool_backward(const OpSite& site, const Parameters& attributes) {
    return pool(
        site, site.inputs[0].shape, site.inputs[1].shape, attributes,
        []<class T>(T, const Windows& windows, const at::Tensor* in, at::Tensor* out) {
            max_gradient(windows, elements_of<T>(in[0].contiguous()), elements_of<T>(in[1].contiguous()), elements_of<T>(out[0]));
        },
        [](const DevicePool& pool, const at::Tensor* in, at::Tensor* out) {
            const at::Tensor x = channels_second(in[0]);
            const Dims one(2, 1);
            const auto [y, chosen] = at::max_pool2d_with_indices(x, pool.size, pool.strides, pool.padding, one, false);
            channels_second(out[0]).copy_(at::max_pool2d_with_indices_backward(channels_second(in[1]), x, pool.size, pool.strides, pool.padding, one, false, chosen));
        });
}

Kernel avg_pool(const OpSite& site, const Parameters& attributes) {
    const bool counts_padding = attributes["count_padding"].integer() != 0;
    return pool(
        site, site.inputs[0].shape, site.outputs[0].shape, attributes,
        [=]<class T>(T, const Windows& windows, const at::Tensor* in, at::Tensor* out) {
            mean_of_windows(windows, counts_padding, elements_of<T>(in[0].contiguous()), elements_of<T>(out[0]));
        },
        [=](const DevicePool& pool, const at::Tensor* in, at::Tensor* out) {
            channels_second(out[0]).copy_(at::avg_pool2d(channels_second(in[0]), pool.size, pool.strides, pool.padding, false, counts_padding));
        });
}

Kernel avg_pool_backward(const OpSite& site, const Parameters& attributes) {
    const bool counts_padding = attributes["count_padding"].integer() != 0;
    return pool(
        site, site.outputs[0].shape, site.inputs[0].shape, attributes,
        [=]<class T>(T, const Windows& windows, const at::Tensor* in, at::Tensor* out) {
            mean_gradient(windows, counts_padding, elements_of<T>(in[0].contiguous()), elements_of<T>(out[0]));
        },
        [=](const DevicePool& pool, const at::Tensor* in, at::Tensor* out) {
            // Of x only the shape counts.
            const at::Tensor dx = channels_second(out[0]);
            dx.copy_(at::avg_pool2d_backward(channels_second(in[0]), dx, pool.size, pool.strides, pool.padding, false, counts_padding, {}));
        });
}

}  // namespace brainstate
