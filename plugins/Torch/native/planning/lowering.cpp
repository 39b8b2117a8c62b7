#include "planning/lowering.h"

#include <algorithm>
#include <map>

#include "ops/composites.h"
#include "planning/updates.h"

namespace brainstate {

namespace {

// More ops than this make a chain's code long and win nothing.
constexpr size_t max_chain_ops = 200;

class Lowering {
public:
    explicit Lowering(at::Device device) : device(device) {}

    Lowered run(const Program& program, const std::vector<int>& given) {
        std::vector<Item> inputs;
        for (int i = 0; i < program.input_count; i++) {
            const Spec& spec = program.values[i];
            inputs.push_back({add_value(spec, View::dense(spec.shape), add_storage(Place::Input, spec.bytes(), i), -1), {}});
        }
        const std::vector<Item> outputs = lower_program(program, inputs);
        for (size_t i = 0; i < outputs.size(); i++) bind_output(outputs[i], static_cast<int>(i));
        list_what_chains_touch();
        move_updates_last(result, given);
        find_lifetimes();
        result.replaced = replaced_inputs(result, given, outputs.size());
        return std::move(result);
    }

private:
    // A value, or a literal (value −1).
    struct Item {
        int value;
        Literal literal;
    };

    const at::Device device;
    Lowered result;
    std::map<int, int> dense_copies;
    std::map<Dims, int> last_chains;  // by shape
    int fence = 0;  // chains before it take no more ops

    int unit_count() const { return static_cast<int>(result.units.size()); }

    int add_storage(Place place, int64_t bytes, int index = 0) {
        result.storages.push_back({place, bytes, index});
        return static_cast<int>(result.storages.size()) - 1;
    }

    int add_value(const Spec& spec, View view, int storage, int unit, int chain_result = -1) {
        result.values.push_back({spec.dtype, std::move(view), storage, unit, chain_result});
        return static_cast<int>(result.values.size()) - 1;
    }

    int add_temporary(const Spec& spec, int unit) { return add_value(spec, View::dense(spec.shape), add_storage(Place::Temporary, spec.bytes()), unit); }

    std::vector<Item> lower_program(const Program& program, const std::vector<Item>& inputs) {
        std::vector<Item> items(program.values.size());
        std::copy(inputs.begin(), inputs.end(), items.begin());
        const auto resolve = [&](const std::vector<Operand>& operands) {
            std::vector<Item> resolved;
            for (const Operand& operand : operands) resolved.push_back(operand.is_literal() ? Item{-1, operand.literal} : items[operand.value]);
            return resolved;
        };
        const std::vector<bool> wanted = values_read(program);
        for (const Equation& equation : program.equations) {
            const auto begin = program.values.begin() + equation.first_output;
            const auto read = wanted.begin() + equation.first_output;
            try {
                const std::vector<Item> computed =
                    lower_equation(equation, resolve(equation.inputs), {begin, begin + equation.output_count}, {read, read + equation.output_count});
                std::copy(computed.begin(), computed.end(), items.begin() + equation.first_output);
            } catch (const std::invalid_argument& problem) {
                throw std::invalid_argument(equation.op + ": " + problem.what());
            }
        }
        return resolve(program.outputs);
    }

    // Which values of a program an equation or the result reads.
    static std::vector<bool> values_read(const Program& program) {
        std::vector<bool> read(program.values.size());
        const auto mark = [&](const std::vector<Operand>& operands) {
            for (const Operand& operand : operands)
                if (!operand.is_literal()) read[operand.value] = true;
        };
        for (const Equation& equation : program.equations) mark(equation.inputs);
        mark(program.outputs);
        return read;
    }

    std::vector<Item> lower_equation(const Equation& equation, const std::vector<Item>& operands, const std::vector<Spec>& outputs, const std::vector<bool>& wanted) {
        const std::string& op = equation.op;
        if (op == "composite") return composite(equation, operands, wanted);
        if (op == "call" || op == "checkpoint" || op == "custom_jvp" || op == "custom_vjp") return lower_program(equation.parameters["body"].program(), operands);
        if (op == "stop_gradient") return operands;
        if (op == "optimization_barrier") {
            fence = unit_count();
            return operands;
        }
        if (op == "broadcast_in_dim" || op == "reshape" || op == "transpose" || op == "slice") return {{look_at(equation, operands[0], outputs[0]), {}}};
        if (op == "cond") return control_flow(Unit::Cond, equation, operands, outputs);
        if (op == "while") return control_flow(Unit::While, equation, operands, outputs);
        if (op == "scan") return control_flow(Unit::Scan, equation, operands, outputs);
        const std::vector<Spec> specs = specs_of(operands);
        if (outputs.size() == 1 && is_elementwise(op, specs, outputs[0])) return {{join_chain(equation, operands, outputs[0]), {}}};
        return add_unit(Unit::Kernel, equation, stored(operands), outputs);
    }

    std::vector<Spec> specs_of(const std::vector<Item>& items) const {
        std::vector<Spec> specs;
        for (const Item& item : items) specs.push_back(item.value < 0 ? Spec{item.literal.dtype, {}} : result.values[item.value].spec());
        return specs;
    }

    // A composite runs by a kernel of libtorch, or as its body says. Results that are operands, as residuals often are, cost nothing either way.
    std::vector<Item> composite(const Equation& equation, const std::vector<Item>& operands, const std::vector<bool>& wanted) {
        const Program& body = equation.parameters["body"].program();
        std::vector<int> computed;
        for (const Operand& output : body.outputs)
            if (output.value >= body.input_count && std::find(computed.begin(), computed.end(), output.value) == computed.end()) computed.push_back(output.value);
        OpSite site{equation.parameters, specs_of(operands), {}, device};
        for (const int value : computed) {
            site.outputs.push_back(body.values[value]);
            site.wanted.push_back(false);
            for (size_t i = 0; i < body.outputs.size(); i++)
                if (body.outputs[i].value == value && wanted[i]) site.wanted.back() = true;
        }
        Kernel kernel = composite_kernel(equation.parameters["name"].text(), site);
        if (!kernel) return lower_program(body, operands);
        const std::vector<Item> made = add_unit(Unit::Kernel, equation, stored(operands), site.outputs);
        result.units.back().kernel = std::move(kernel);
        std::vector<Item> items;
        for (const Operand& output : body.outputs)
            items.push_back(output.is_literal()                   ? Item{-1, output.literal}
                            : output.value < body.input_count ? operands[output.value]
                                                              : made[std::find(computed.begin(), computed.end(), output.value) - computed.begin()]);
        return items;
    }

    std::vector<Item> add_unit(Unit::Kind kind, const Equation& equation, std::vector<int> operands, const std::vector<Spec>& outputs) {
        std::vector<Item> items;
        std::vector<int> results;
        for (const Spec& spec : outputs) {
            results.push_back(add_temporary(spec, unit_count()));
            items.push_back({results.back(), {}});
        }
        result.units.push_back({kind, &equation, std::move(operands), std::move(results), nullptr, {}, nullptr});
        return items;
    }

    // Bodies read dense operands. A carry is written into two memories in turn, one of which is that of the result.
    std::vector<Item> control_flow(Unit::Kind kind, const Equation& equation, const std::vector<Item>& operands, const std::vector<Spec>& outputs) {
        std::vector<int> values;
        for (const Item& operand : operands) values.push_back(dense(stored(operand)));
        const std::vector<Item> items = add_unit(kind, equation, std::move(values), outputs);
        const size_t carried = kind == Unit::While ? outputs.size() : kind == Unit::Scan ? static_cast<size_t>(equation.parameters["num_carry"].integer()) : 0;
        for (size_t i = 0; i < carried; i++) result.units.back().scratch.push_back(add_storage(Place::Temporary, outputs[i].bytes()));
        if (kind == Unit::While) result.units.back().scratch.push_back(add_storage(Place::Temporary, size_of(DType::Bool)));  // what the condition returns
        return items;
    }

    int look_at(const Equation& equation, const Item& operand, const Spec& output) {
        const int value = stored(operand);
        const auto view = view_of(equation, result.values[value].view, output);
        if (view) return add_view(output, *view, value);
        const int copy = dense(value);
        return add_view(output, *view_of(equation, result.values[copy].view, output), copy);
    }

    int add_view(const Spec& spec, const View& view, int of) {
        const Location& base = result.values[of];
        return add_value(spec, view, base.storage, base.unit);
    }

    std::vector<int> stored(const std::vector<Item>& items) {
        std::vector<int> values;
        for (const Item& item : items) values.push_back(stored(item));
        return values;
    }

    // The value in memory, wherever it was.
    int stored(const Item& item) {
        if (item.value < 0) {
            result.constants.push_back(item.literal);
            const Spec spec{item.literal.dtype, {}};
            return add_value(spec, View::dense({}), add_storage(Place::Constant, spec.bytes(), static_cast<int>(result.constants.size()) - 1), -1);
        }
        Location& location = result.values[item.value];
        if (location.in_registers()) location.storage = add_storage(Place::Temporary, location.spec().bytes());
        return item.value;
    }

    // The value, or a copy of it whose elements lie next to each other.
    int dense(int value) {
        if (result.values[value].view.is_dense()) return value;
        if (const auto known = dense_copies.find(value); known != dense_copies.end()) return known->second;
        const int copy = add_temporary(result.values[value].spec(), unit_count());
        result.units.push_back({Unit::Copy, nullptr, {value}, {copy}, nullptr, {}, nullptr});
        return dense_copies[value] = copy;
    }

    // An op goes to the last chain of its shape if that comes after all that it reads, else to a new one at the end.
    int join_chain(const Equation& equation, const std::vector<Item>& operands, const Spec& output) {
        int earliest = fence;
        for (const Item& operand : operands) {
            if (operand.value < 0) continue;
            const Location& location = result.values[operand.value];
            // What a chain computes it reads from registers, but a view of it only from memory, in a later chain.
            if (location.unit >= 0) earliest = std::max(earliest, location.unit + (location.chain_result >= 0 ? 0 : 1));
        }
        int& unit = last_chains.try_emplace(output.shape, -1).first->second;
        if (unit < earliest || result.units[unit].chain->ops.size() >= max_chain_ops) {
            unit = unit_count();
            result.units.push_back({Unit::Chain, nullptr, {}, {}, std::make_unique<ChainDraft>(), {}, nullptr});
            result.units.back().chain->shape = output.shape;
        }
        ChainDraft& chain = *result.units[unit].chain;
        ChainDraft::Op op{&equation, {}, 0};
        for (const Item& operand : operands) op.operands.push_back(operand_of(chain, unit, operand));
        op.value = add_value(output, View::dense(output.shape), -1, unit, static_cast<int>(chain.ops.size()));
        chain.ops.push_back(std::move(op));
        return chain.ops.back().value;
    }

    ChainOperand operand_of(ChainDraft& chain, int unit, const Item& operand) {
        if (operand.value < 0) {
            chain.literals.push_back(operand.literal);
            return {ChainOperand::Constant, static_cast<int>(chain.literals.size()) - 1};
        }
        const Location& location = result.values[operand.value];
        if (location.unit == unit) return {ChainOperand::Result, location.chain_result};
        const int value = stored(operand);
        const auto found = std::find(chain.inputs.begin(), chain.inputs.end(), value);
        if (found != chain.inputs.end()) return {ChainOperand::InMemory, static_cast<int>(found - chain.inputs.begin())};
        chain.inputs.push_back(value);
        return {ChainOperand::InMemory, static_cast<int>(chain.inputs.size()) - 1};
    }

    // A result is computed right where it has to be if it has a memory of its own, else copied there.
    void bind_output(const Item& item, int index) {
        const int value = stored(item);
        const Location& location = result.values[value];
        Storage& storage = result.storages[location.storage];
        if (storage.place == Place::Temporary && location.view.is_dense() && location.view.offset == 0 && storage.bytes == location.spec().bytes()) {
            storage.place = Place::Output;
            storage.index = index;
            return;
        }
        const Spec spec = location.spec();
        const int copy = add_value(spec, View::dense(spec.shape), add_storage(Place::Output, spec.bytes(), index), unit_count());
        result.units.push_back({Unit::Copy, nullptr, {value}, {copy}, nullptr, {}, nullptr});
    }

    void list_what_chains_touch() {
        for (Unit& unit : result.units) {
            if (!unit.chain) continue;
            unit.operands = unit.chain->inputs;
            for (const ChainDraft::Op& op : unit.chain->ops)
                if (!result.values[op.value].in_registers()) unit.results.push_back(op.value);
        }
    }

    void find_lifetimes() {
        for (int u = 0; u < unit_count(); u++) {
            const Unit& unit = result.units[u];
            const auto touch = [&](int storage) {
                Storage& touched = result.storages[storage];
                if (touched.first < 0) touched.first = u;
                touched.last = u;
            };
            for (const int value : unit.operands) touch(result.values[value].storage);
            for (const int value : unit.results) touch(result.values[value].storage);
            for (const int storage : unit.scratch) touch(storage);
        }
    }
};

}  // namespace

Lowered lower(const Program& program, at::Device device, const std::vector<int>& given) { return Lowering(device).run(program, given); }

}  // namespace brainstate
