#include "distributed/processes.h"

#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>

#include "distributed/gloo.h"
#include "distributed/nccl.h"
#include "elementwise/cuda_driver.h"

namespace brainstate {

namespace {

// Tensors on cpu go by gloo, and those on cuda by NCCL if every process has a GPU of its own, which it keeps; else by gloo as well.
class Processes : public Group {
public:
    explicit Processes(Meeting with)
        : meeting(std::move(with)), by_gloo(make_gloo_group(meeting)), by_nccl(make_nccl_group(meeting)) {
        if (!by_gloo && !by_nccl)
            throw std::runtime_error("The torch backend was built without gloo's headers, so its processes cannot work together. Install libgloo-dev and build plugins/Torch again.");
        rank = meeting.rank;
        size = meeting.size;
    }

    void reduce(at::Tensor& x, Reduction how) override { carrier_of(x).reduce(x, how); }
    at::Tensor gather(const at::Tensor& x) override { return carrier_of(x).gather(x); }
    at::Tensor exchange(const at::Tensor& x, int to, int from) override { return carrier_of(x).exchange(x, to, from); }

private:
    const Meeting meeting;
    const std::unique_ptr<Group> by_gloo, by_nccl;
    std::mutex gate;
    std::optional<bool> have_own_gpus;

    Group& carrier_of(const at::Tensor& x) {
        if (x.is_cuda() && by_nccl && have_gpus_of_their_own(x.device().index())) return *by_nccl;
        if (by_gloo) return *by_gloo;
        throw std::runtime_error(std::string(x.is_cuda() ? "Two processes have the same GPU, which NCCL does not allow" : "NCCL carries tensors on GPUs only") +
                                 ", and the torch backend was built without gloo's headers. Install libgloo-dev and build plugins/Torch again.");
    }

    // Settled when all come here first, which they do with the same collective.
    bool have_gpus_of_their_own(int device) {
        const std::lock_guard lock(gate);
        if (!have_own_gpus) {
            const auto gpus = told_by_all(meeting, "gpu", cuda::identity_of(device));
            have_own_gpus = static_cast<int>(std::set(gpus.begin(), gpus.end()).size()) == size;
        }
        return *have_own_gpus;
    }
};

}  // namespace

std::unique_ptr<Group> make_group(Meeting meeting) { return std::make_unique<Processes>(std::move(meeting)); }

}  // namespace brainstate
