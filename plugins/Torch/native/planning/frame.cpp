#include "planning/frame.h"

#include <cstring>

#include <ATen/Parallel.h>

#include "memory/buffer.h"
#include "ops/op.h"

namespace brainstate {

namespace {

at::Storage storage_of(int64_t bytes, at::Device device) {
    return at::Storage(at::Storage::use_byte_size_t(), bytes, at::DataPtr(nullptr, device), nullptr, false);
}

}  // namespace

Frame::Frame(const Plan& plan) : plan(plan), addresses(plan.storages.size(), nullptr), pointers(plan.most_addresses), storages(plan.storages.size()) {
    if (plan.arena_bytes > 0) arena = allocate(plan.device, plan.arena_bytes);
    for (const TensorDraft& draft : plan.tensors) {
        at::Storage& storage = storages[draft.storage];
        if (!storage) storage = storage_of(plan.storages[draft.storage].bytes, plan.device);
        const auto options = at::TensorOptions().dtype(scalar_type(draft.dtype)).device(plan.device);
        tensors.push_back(at::empty({0}, options).set_(storage, draft.view.offset, draft.view.shape, draft.view.strides));
    }
    for (size_t i = 0; i < plan.storages.size(); i++) {
        const Storage& storage = plan.storages[i];
        if (storage.place == Place::Temporary) set(static_cast<int>(i), static_cast<std::byte*>(arena.get()) + storage.address);
        if (storage.place == Place::Constant) set(static_cast<int>(i), static_cast<std::byte*>(plan.constants[storage.index].data_ptr()));
    }
    for (const auto& body : plan.bodies) bodies.push_back(std::make_unique<Frame>(*body));
}

void Frame::set(int storage, std::byte* address) {
    addresses[storage] = address;
    if (storages[storage]) storages[storage].set_data_ptr_noswap(at::DataPtr(address, plan.device));
}

void Frame::run() {
    if (plan.workspace_bytes > 0) make_room_for_chains();
    for (const auto& step : plan.steps) step->run(*this);
}

void Frame::make_room_for_chains() {
    // Every thread of the host may have another number of threads.
    const int64_t needed = plan.workspace_bytes * at::get_num_threads();
    if (needed <= workspace_bytes) return;
    workspace = allocate(at::kCPU, needed);
    workspace_bytes = needed;
}

void Frame::copy(std::byte* to, const std::byte* from, int64_t bytes) const {
    if (to == from || bytes == 0) return;
    if (plan.device.is_cpu()) {
        std::memcpy(to, from, static_cast<size_t>(bytes));
        return;
    }
    const auto options = at::TensorOptions().dtype(at::kByte).device(plan.device);
    at::from_blob(to, {bytes}, options).copy_(at::from_blob(const_cast<std::byte*>(from), {bytes}, options));
}

}  // namespace brainstate
