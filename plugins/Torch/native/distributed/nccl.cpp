#include "distributed/nccl.h"

#if defined(USE_C10D_NCCL)

#include <mutex>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

namespace brainstate {

namespace {

c10::intrusive_ptr<c10d::ProcessGroupNCCL::Options> options_for(std::chrono::milliseconds timeout) {
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = timeout;
    return options;
}

// To wait for NCCL's work makes the current stream wait, not the host.
class NcclGroup : public Group {
public:
    explicit NcclGroup(const Meeting& meeting)
        : group(c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>("nccl", meeting.store), meeting.rank, meeting.size, options_for(meeting.timeout))) {
        rank = meeting.rank;
        size = meeting.size;
    }

    void reduce(at::Tensor& x, Reduction how) override {
        if (x.numel() == 0) return;
        const std::lock_guard lock(gate);
        std::vector<at::Tensor> shared = {x};
        c10d::AllreduceOptions options;
        options.reduceOp = reduction_of(how);
        group->allreduce(shared, options)->wait();
    }

    at::Tensor gather(const at::Tensor& x) override {
        std::vector<int64_t> shape = x.sizes().vec();
        shape.insert(shape.begin(), size);
        const at::Tensor all = at::empty(shape, x.options());
        if (x.numel() > 0) {
            const std::lock_guard lock(gate);
            std::vector<at::Tensor> own = {bytes_of(x)};
            std::vector<std::vector<at::Tensor>> received = {at::unbind(bytes_of(all).view({size, -1}))};
            group->allgather(received, own)->wait();
        }
        return all;
    }

    // One call of all for all sends and receipts, because those that wait for each other in turn might never meet. Nothing goes to and comes from most.
    at::Tensor exchange(const at::Tensor& x, int to, int from) override {
        if (x.numel() == 0) return x;
        const std::lock_guard lock(gate);
        const at::Tensor received = at::zeros(x.sizes(), x.options());
        const at::Tensor nothing = at::empty({0}, x.options().dtype(at::kByte));
        std::vector<at::Tensor> outgoing(static_cast<size_t>(size), nothing), incoming(static_cast<size_t>(size), nothing);
        if (to >= 0) outgoing[to] = bytes_of(x);
        if (from >= 0) incoming[from] = bytes_of(received);
        group->alltoall(incoming, outgoing)->wait();
        return received;
    }

private:
    std::mutex gate;  // Programs of several threads take turns.
    c10::intrusive_ptr<c10d::ProcessGroupNCCL> group;
};

}  // namespace

std::unique_ptr<Group> make_nccl_group(const Meeting& meeting) { return std::make_unique<NcclGroup>(meeting); }

}  // namespace brainstate

#else

namespace brainstate {

std::unique_ptr<Group> make_nccl_group(const Meeting&) { return nullptr; }

}  // namespace brainstate

#endif
