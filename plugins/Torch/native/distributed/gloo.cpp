#include "distributed/gloo.h"

#if defined(USE_C10D_GLOO)

#include <cstdlib>
#include <mutex>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

namespace brainstate {

namespace {

c10::intrusive_ptr<c10d::ProcessGroupGloo::Options> options_for(std::chrono::milliseconds timeout) {
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");  // as PyTorch reads it
    options->devices.push_back(interface != nullptr ? c10d::ProcessGroupGloo::createDeviceForInterface(interface) : c10d::ProcessGroupGloo::createDefaultDevice());
    return options;
}

// Tensors of other devices go over the host.
class GlooGroup : public Group {
public:
    explicit GlooGroup(const Meeting& meeting)
        : group(c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::PrefixStore>("gloo", meeting.store), meeting.rank, meeting.size, options_for(meeting.timeout))) {
        rank = meeting.rank;
        size = meeting.size;
    }

    void reduce(at::Tensor& x, Reduction how) override {
        if (x.numel() == 0) return;
        const std::lock_guard lock(gate);
        std::vector<at::Tensor> shared = {x.cpu()};
        c10d::AllreduceOptions options;
        options.reduceOp = reduction_of(how);
        group->allreduce(shared, options)->wait();
        if (!x.is_cpu()) x.copy_(shared[0]);
    }

    at::Tensor gather(const at::Tensor& x) override {
        std::vector<int64_t> shape = x.sizes().vec();
        shape.insert(shape.begin(), size);
        const at::Tensor all = at::empty(shape, x.options().device(at::kCPU));
        if (x.numel() > 0) {
            const std::lock_guard lock(gate);
            std::vector<at::Tensor> own = {bytes_of(x.cpu())};
            std::vector<std::vector<at::Tensor>> received = {at::unbind(bytes_of(all).view({size, -1}))};
            group->allgather(received, own)->wait();
        }
        return all.to(x.device());
    }

    at::Tensor exchange(const at::Tensor& x, int to, int from) override {
        if (x.numel() == 0) return x;
        if (to == rank && from == rank) return x;
        const std::lock_guard lock(gate);
        const at::Tensor received = at::zeros(x.sizes(), x.options().device(at::kCPU));
        std::vector<at::Tensor> outgoing = {bytes_of(x.cpu())}, incoming = {bytes_of(received)};
        c10::intrusive_ptr<Work> sent, got;
        if (to >= 0) sent = group->send(outgoing, to, 0);
        if (from >= 0) got = group->recv(incoming, from, 0);
        if (sent) sent->wait();
        if (got) got->wait();
        return received.to(x.device());
    }

private:
    using Work = decltype(std::declval<c10d::ProcessGroupGloo>().barrier())::element_type;

    std::mutex gate;  // Programs of several threads take turns.
    c10::intrusive_ptr<c10d::ProcessGroupGloo> group;
};

}  // namespace

std::unique_ptr<Group> make_gloo_group(const Meeting& meeting) { return std::make_unique<GlooGroup>(meeting); }

}  // namespace brainstate

#else

namespace brainstate {

std::unique_ptr<Group> make_gloo_group(const Meeting&) { return nullptr; }

}  // namespace brainstate

#endif
