#include "distributed/gloo.h"

#include <stdexcept>

#if defined(USE_C10D_GLOO)

#include <cstdlib>
#include <mutex>

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace brainstate {

namespace {

using Milliseconds = std::chrono::milliseconds;

c10::intrusive_ptr<c10d::Store> store_at(const std::string& meeting, int rank, int size, Milliseconds timeout) {
    const std::string tcp = "tcp://";
    if (meeting.rfind(tcp, 0) != 0) {
        auto store = c10::make_intrusive<c10d::FileStore>(meeting, size);
        store->setTimeout(timeout);
        return store;
    }
    const std::string address = meeting.substr(tcp.size());
    const size_t colon = address.rfind(':');
    const int port = colon == std::string::npos ? 0 : std::atoi(address.c_str() + colon + 1);
    if (port <= 0 || port > 65535) throw std::invalid_argument("'" + meeting + "' is not tcp://HOST:PORT");
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = rank == 0;
    options.numWorkers = static_cast<size_t>(size);
    options.timeout = timeout;
    return c10::make_intrusive<c10d::TCPStore>(address.substr(0, colon), options);
}

c10::intrusive_ptr<c10d::ProcessGroupGloo::Options> options_for(Milliseconds timeout) {
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");  // as PyTorch reads it
    options->devices.push_back(interface != nullptr ? c10d::ProcessGroupGloo::createDeviceForInterface(interface) : c10d::ProcessGroupGloo::createDefaultDevice());
    return options;
}

c10d::ReduceOp::RedOpType reduction_of(Reduction how) {
    return how == Reduction::Sum ? c10d::ReduceOp::SUM : how == Reduction::Max ? c10d::ReduceOp::MAX : c10d::ReduceOp::MIN;
}

// Tensors of other devices go over the host.
class GlooGroup : public Group {
public:
    GlooGroup(const std::string& meeting, int own_rank, int of, Milliseconds timeout)
        : group(c10::make_intrusive<c10d::ProcessGroupGloo>(store_at(meeting, own_rank, of, timeout), own_rank, of, options_for(timeout))) {
        rank = own_rank;
        size = of;
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
        Dims shape = x.sizes().vec();
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
    using Dims = std::vector<int64_t>;
    using Work = decltype(std::declval<c10d::ProcessGroupGloo>().barrier())::element_type;

    // Of any dtype, in one line.
    static at::Tensor bytes_of(const at::Tensor& x) {
        const int64_t bytes = x.numel() * static_cast<int64_t>(x.element_size());
        const at::Tensor dense = x.contiguous();
        return at::from_blob(dense.data_ptr(), {bytes}, [dense](void*) {}, at::TensorOptions().dtype(at::kByte));
    }

    std::mutex gate;  // Programs of several threads take turns.
    c10::intrusive_ptr<c10d::ProcessGroupGloo> group;
};

}  // namespace

std::unique_ptr<Group> join_by_gloo(const std::string& meeting, int rank, int size, int64_t timeout_seconds) {
    return std::make_unique<GlooGroup>(meeting, rank, size, std::chrono::duration_cast<Milliseconds>(std::chrono::seconds(timeout_seconds)));
}

}  // namespace brainstate

#else

namespace brainstate {

std::unique_ptr<Group> join_by_gloo(const std::string&, int, int, int64_t) {
    throw std::runtime_error("The torch backend was built without gloo's headers, so its processes cannot work together. Install libgloo-dev and build plugins/Torch again.");
}

}  // namespace brainstate

#endif
