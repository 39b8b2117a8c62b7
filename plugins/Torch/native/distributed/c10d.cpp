#include "distributed/c10d.h"

#include <cstdlib>
#include <stdexcept>

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace brainstate {

namespace {

c10::intrusive_ptr<c10d::Store> store_at(const std::string& place, int rank, int size, std::chrono::milliseconds timeout) {
    const std::string tcp = "tcp://";
    if (place.rfind(tcp, 0) != 0) {
        auto store = c10::make_intrusive<c10d::FileStore>(place, size);
        store->setTimeout(timeout);
        return store;
    }
    const std::string address = place.substr(tcp.size());
    const size_t colon = address.rfind(':');
    const int port = colon == std::string::npos ? 0 : std::atoi(address.c_str() + colon + 1);
    if (port <= 0 || port > 65535) throw std::invalid_argument("'" + place + "' is not tcp://HOST:PORT");
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = rank == 0;
    options.numWorkers = static_cast<size_t>(size);
    options.timeout = timeout;
    return c10::make_intrusive<c10d::TCPStore>(address.substr(0, colon), options);
}

}  // namespace

Meeting meet(const std::string& place, int rank, int size, std::chrono::milliseconds timeout) {
    Meeting meeting{store_at(place, rank, size, timeout), rank, size, timeout};
    told_by_all(meeting, "here", {1});
    return meeting;
}

std::vector<std::vector<uint8_t>> told_by_all(const Meeting& meeting, const std::string& about, const std::vector<uint8_t>& own) {
    const auto key = [&](int rank) { return about + "/" + std::to_string(rank); };
    meeting.store->set(key(meeting.rank), own);
    std::vector<std::vector<uint8_t>> all;
    for (int rank = 0; rank < meeting.size; rank++) all.push_back(meeting.store->get(key(rank)));
    return all;
}

at::Tensor bytes_of(const at::Tensor& x) { return x.contiguous().view({-1}).view(at::kByte); }

c10d::ReduceOp::RedOpType reduction_of(Reduction how) {
    return how == Reduction::Sum ? c10d::ReduceOp::SUM : how == Reduction::Max ? c10d::ReduceOp::MAX : c10d::ReduceOp::MIN;
}

}  // namespace brainstate
