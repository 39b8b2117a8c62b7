#include "program/reader.h"

#include <bit>
#include <cstring>

namespace brainstate {

namespace {

constexpr int64_t magic = 0x3154534E49415242;  // "BRAINST1" in little-endian order
constexpr int max_depth = 256;

class Reader {
public:
    Reader(const int64_t* words, size_t count) : next(words), end(words + count) {}

    Program list() {
        if (word() != magic) fail("it does not begin with BRAINST1");
        Program result = program();
        if (next != end) fail("there are words after its end");
        return result;
    }

private:
    const int64_t* next;
    const int64_t* end;
    int depth = 0;

    [[noreturn]] static void fail(const std::string& what) { throw std::invalid_argument("This is no instruction list: " + what + "."); }

    int64_t word() {
        if (next == end) fail("it ends too early");
        return *next++;
    }

    // A number of things that follow, each of which takes a word or more, so that a wrong one cannot ask for more memory than there are words.
    int count() {
        const int64_t number = word();
        if (number < 0 || number > end - next) fail("it ends too early");
        return static_cast<int>(number);
    }

    int64_t below(int64_t limit, const char* what) {
        const int64_t number = word();
        if (number < 0 || number >= limit) fail(std::string(what) + " " + std::to_string(number) + " is not below " + std::to_string(limit));
        return number;
    }

    DType dtype() { return static_cast<DType>(below(static_cast<int64_t>(DType::Complex128) + 1, "dtype")); }

    std::string text() {
        const int64_t bytes = word();
        if (bytes < 0 || bytes > (end - next) * 8) fail("a text ends too late");
        std::string result(reinterpret_cast<const char*>(next), static_cast<size_t>(bytes));
        next += (bytes + 7) / 8;
        return result;
    }

    Spec spec() {
        Spec result{dtype(), Dims(static_cast<size_t>(count()))};
        int64_t elements = 1;
        for (int64_t& size : result.shape) {
            size = below(INT64_MAX, "size");
            if (__builtin_mul_overflow(elements, size == 0 ? 1 : size, &elements) || elements > INT64_MAX / 16) fail("a tensor is too large");
        }
        return result;
    }

    Operand operand(int known) {
        const int64_t number = word();
        if (number < -1 || number >= known) fail("operand " + std::to_string(number) + " is none of " + std::to_string(known) + " values");
        if (number >= 0) return {static_cast<int>(number), {}};
        Operand result{-1, {dtype(), {}}};
        const int64_t words[] = {word(), word()};
        std::memcpy(result.literal.bytes.data(), words, sizeof words);
        return result;
    }

    std::vector<Operand> operands(int known) {
        std::vector<Operand> result(static_cast<size_t>(count()));
        for (Operand& item : result) item = operand(known);
        return result;
    }

    Value value() {
        switch (word()) {
            case 0: return {};
            case 1: return {word()};
            case 2: return {std::bit_cast<double>(word())};
            case 3: return {text()};
            case 4: {
                Value::Tuple items(static_cast<size_t>(count()));
                deeper([&] { for (Value& item : items) item = value(); });
                return {std::move(items)};
            }
            case 5: return {std::make_shared<const Program>(program())};
            default: fail("a parameter is of no kind");
        }
    }

    template <class F>
    void deeper(F read) {
        if (++depth > max_depth) fail("it is nested too deeply");
        read();
        depth--;
    }

    Program program() {
        Program result;
        deeper([&] {
            result.values.resize(static_cast<size_t>(count()));
            for (Spec& item : result.values) item = spec();
            result.input_count = static_cast<int>(below(static_cast<int64_t>(result.values.size()) + 1, "the number of inputs"));
            result.equations.resize(static_cast<size_t>(count()));
            int known = result.input_count;
            for (Equation& equation : result.equations) {
                equation.op = text();
                for (int left = count(); left > 0; left--) {
                    std::string name = text();
                    equation.parameters.add(std::move(name), value());
                }
                equation.inputs = operands(known);
                equation.first_output = known;
                equation.output_count = static_cast<int>(below(static_cast<int64_t>(result.values.size()) - known + 1, "the number of results"));
                known += equation.output_count;
            }
            if (known != static_cast<int>(result.values.size())) fail("its equations have not as many results as it has values");
            result.outputs = operands(known);
        });
        return result;
    }
};

}  // namespace

Program read_program(const int64_t* words, size_t count) { return Reader(words, count).list(); }

}  // namespace brainstate
