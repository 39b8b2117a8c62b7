#include "planning/plan.h"

#include "planning/arena.h"
#include "planning/steps.h"

namespace brainstate {

namespace {

std::vector<Spec> specs_of(const Program& program, const std::vector<Operand>& operands) {
    std::vector<Spec> specs;
    for (const Operand& operand : operands) specs.push_back(program.spec_of(operand));
    return specs;
}

std::vector<int64_t> bytes_of(const std::vector<Spec>& specs) {
    std::vector<int64_t> bytes;
    for (const Spec& spec : specs) bytes.push_back(spec.bytes());
    return bytes;
}

Address address_of(const Lowered& lowered, int value) {
    const Location& location = lowered.values[value];
    return {location.storage, location.view.offset * size_of(location.dtype)};
}

std::vector<Address> addresses_of(const Lowered& lowered, const std::vector<int>& values, size_t begin, size_t end) {
    std::vector<Address> addresses;
    for (size_t i = begin; i < end; i++) addresses.push_back(address_of(lowered, values[i]));
    return addresses;
}

int64_t bytes_of(const Lowered& lowered, int value) { return lowered.values[value].spec().bytes(); }

std::vector<Carry> carry_of(const Lowered& lowered, const Unit& unit, size_t first_operand, size_t count) {
    std::vector<Carry> carry;
    for (size_t i = 0; i < count; i++)
        carry.push_back({address_of(lowered, unit.operands[first_operand + i]), address_of(lowered, unit.results[i]), {unit.scratch[i], 0}, bytes_of(lowered, unit.results[i])});
    return carry;
}

std::vector<Slices> slices_of(const Lowered& lowered, const std::vector<int>& values, size_t first, int64_t length) {
    std::vector<Slices> slices;
    for (size_t i = first; i < values.size(); i++) slices.push_back({address_of(lowered, values[i]), length == 0 ? 0 : bytes_of(lowered, values[i]) / length});
    return slices;
}

at::Tensor constant_of(const Literal& literal, at::Device device) {
    Literal copy = literal;
    return at::from_blob(copy.bytes.data(), {}, at::TensorOptions().dtype(scalar_type(literal.dtype))).clone().to(device);
}

}  // namespace

Plan::Plan(const Program& program, at::Device device, const std::vector<int>& given)
    : device(device), inputs(program.values.begin(), program.values.begin() + program.input_count), outputs(specs_of(program, program.outputs)),
      input_bytes(bytes_of(inputs)), output_bytes(bytes_of(outputs)),
      input_storages(inputs.size()), output_storages(outputs.size()) {
    Lowered lowered = lower(program, device, given);
    replaced = lowered.replaced;
    for (const Literal& literal : lowered.constants) constants.push_back(constant_of(literal, device));
    arena_bytes = lay_out(lowered);
    for (const Unit& unit : lowered.units)
        if (std::unique_ptr<Step> step = make_step(lowered, unit)) steps.push_back(std::move(step));
    storages = std::move(lowered.storages);
    for (size_t i = 0; i < storages.size(); i++) {
        if (storages[i].place == Place::Input) input_storages[storages[i].index] = static_cast<int>(i);
        if (storages[i].place == Place::Output) output_storages[storages[i].index] = static_cast<int>(i);
    }
}

int64_t Plan::temporary_bytes() const {
    int64_t bytes = arena_bytes;
    for (const auto& body : bodies) bytes += body->temporary_bytes();
    return bytes;
}

double Plan::launches() const {
    double sum = 0;
    for (const auto& step : steps) sum += step->launches(*this);
    return sum;
}

int Plan::add_tensors(const Lowered& lowered, const std::vector<int>& values) {
    for (const int value : values) {
        const Location& location = lowered.values[value];
        tensors.push_back({location.storage, location.view, location.dtype});
    }
    return static_cast<int>(tensors.size() - values.size());
}

int Plan::add_body(const Program& body) {
    bodies.push_back(std::make_unique<Plan>(body, device, std::vector<int>{}));
    return static_cast<int>(bodies.size()) - 1;
}

std::unique_ptr<Step> Plan::make_chain_step(const Lowered& lowered, const Unit& unit) {
    const ChainDraft& draft = *unit.chain;
    if (unit.results.empty()) return nullptr;
    ChainSpec spec{draft.shape, {}, {}, {}};
    for (const int value : draft.inputs) {
        const Location& location = lowered.values[value];
        spec.inputs.push_back({location.dtype, loop_strides(location.view, draft.shape)});
    }
    for (const Literal& literal : draft.literals) spec.inputs.push_back({literal.dtype, Dims(draft.shape.size(), 0), true, literal});
    const auto memory = static_cast<int>(draft.inputs.size()), all = static_cast<int>(spec.inputs.size());
    for (const ChainDraft::Op& op : draft.ops) {
        std::vector<int> operands;
        for (const ChainOperand& operand : op.operands)
            operands.push_back(operand.index + (operand.kind == ChainOperand::InMemory ? 0 : operand.kind == ChainOperand::Constant ? memory : all));
        spec.ops.push_back({op.equation->op, &op.equation->parameters, std::move(operands), lowered.values[op.value].dtype});
    }
    for (const int value : unit.results) spec.outputs.push_back(all + lowered.values[value].chain_result);
    std::unique_ptr<Chain> chain = make_chain(spec, device);
    workspace_bytes = std::max(workspace_bytes, chain->workspace_bytes());
    most_addresses = std::max(most_addresses, draft.inputs.size() + unit.results.size());
    return std::make_unique<ChainStep>(std::move(chain), addresses_of(lowered, draft.inputs, 0, draft.inputs.size()),
                                       addresses_of(lowered, unit.results, 0, unit.results.size()));
}

std::unique_ptr<Step> Plan::make_kernel_step(const Lowered& lowered, const Unit& unit) {
    Kernel kernel = unit.kernel;
    bool meets_host = false;
    if (!kernel) {
        const OpEntry* op = find_op(unit.equation->op);
        if (!op) throw std::invalid_argument("'" + unit.equation->op + "' is not an op that this library runs");
        OpSite site{unit.equation->parameters, {}, {}, device};
        for (const int value : unit.operands) site.inputs.push_back(lowered.values[value].spec());
        for (const int value : unit.results) site.outputs.push_back(lowered.values[value].spec());
        kernel = op->make(site);
        meets_host = op->meets_host;
    }
    const int first_input = add_tensors(lowered, unit.operands);
    return std::make_unique<KernelStep>(unit.equation->op, std::move(kernel), meets_host, first_input, add_tensors(lowered, unit.results));
}

std::unique_ptr<Step> Plan::make_step(const Lowered& lowered, const Unit& unit) {
    const auto operands = [&](size_t begin, size_t end) { return addresses_of(lowered, unit.operands, begin, end); };
    switch (unit.kind) {
        case Unit::Chain: return make_chain_step(lowered, unit);
        case Unit::Kernel: return make_kernel_step(lowered, unit);
        case Unit::Copy: {
            const Location& from = lowered.values[unit.operands[0]];
            if (from.view.is_dense()) return std::make_unique<MoveStep>(operands(0, 1)[0], address_of(lowered, unit.results[0]), from.spec().bytes());
            const int first_input = add_tensors(lowered, unit.operands);
            return std::make_unique<KernelStep>("copy", [](const at::Tensor* in, at::Tensor* out) { out[0].copy_(in[0]); }, false, first_input, add_tensors(lowered, unit.results));
        }
        case Unit::Cond: {
            std::vector<int> branches;
            for (const Value& branch : unit.equation->parameters["branches"].tuple()) branches.push_back(add_body(branch.program()));
            return std::make_unique<CondStep>(add_tensors(lowered, {unit.operands[0]}), std::move(branches), operands(1, unit.operands.size()),
                                              addresses_of(lowered, unit.results, 0, unit.results.size()));
        }
        case Unit::While: {
            const Parameters& parameters = unit.equation->parameters;
            const auto tests = static_cast<size_t>(parameters["cond_nconsts"].integer()), constants_end = tests + static_cast<size_t>(parameters["body_nconsts"].integer());
            const int condition = add_body(parameters["cond"].program());
            const int body = add_body(parameters["body"].program());
            const int flag = unit.scratch.back();
            tensors.push_back({flag, View::dense({}), DType::Bool});
            return std::make_unique<WhileStep>(condition, body, operands(0, tests), operands(tests, constants_end), carry_of(lowered, unit, constants_end, unit.results.size()),
                                               Address{flag, 0}, static_cast<int>(tensors.size()) - 1);
        }
        case Unit::Scan: {
            const Parameters& parameters = unit.equation->parameters;
            const auto constants_end = static_cast<size_t>(parameters["num_consts"].integer()), carried = static_cast<size_t>(parameters["num_carry"].integer());
            const int64_t length = parameters["length"].integer();
            return std::make_unique<ScanStep>(add_body(parameters["body"].program()), length, parameters["reverse"].integer() != 0, operands(0, constants_end),
                                              carry_of(lowered, unit, constants_end, carried), slices_of(lowered, unit.operands, constants_end + carried, length),
                                              slices_of(lowered, unit.results, carried, length));
        }
    }
    return nullptr;
}

}  // namespace brainstate
