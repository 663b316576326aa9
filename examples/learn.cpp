// learn.cpp - pictures in memory, learnt and asked about, from C++: handles that free themselves, errors that are thrown.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <stoa.h>
#include <vector>

template <typename T, void (*End)(T *)> struct Ends {
    void operator()(T *handle) const { End(handle); }
};
template <typename T, void (*End)(T *)> using Held = std::unique_ptr<T, Ends<T, End>>;
using Net = Held<stoa_net, stoa_net_free>;
using Fabric = Held<stoa_fabric, stoa_fabric_free>;
using Compiled = Held<stoa_compiled, stoa_compiled_free>;
using Image = Held<stoa_image, stoa_image_free>;
using Result = Held<stoa_result, stoa_result_free>;

// By reference: nothing promises that the call is made before the other argument is looked at.
static void check(stoa_status status, stoa_diagnostics *&said)
{
    const std::string text = stoa_diagnostics_text(said, 0);
    stoa_diagnostics_free(said);
    if (status != STOA_OK)
        throw std::runtime_error(text);
}

static Image compile(const char *network, const char *on)
{
    stoa_net *net;
    stoa_fabric *fabric;
    stoa_compiled *compiled;
    stoa_diagnostics *said;
    stoa_compile_options options = stoa_compile_defaults();
    options.copies = 2;
    check(stoa_net_read(network, nullptr, 0, &net, &said), said);
    Net held(net);
    check(stoa_fabric_read(on, &fabric, &said), said);
    Fabric held_too(fabric);
    const stoa_status status = stoa_compile(net, fabric, &options, &compiled, &said);
    Compiled stages(compiled);
    check(status, said);
    return Image(stoa_compiled_image(compiled));
}

// A bright bar in one of ten places.
static void draw(std::vector<std::uint8_t> &pixels, std::vector<std::uint8_t> &labels, std::uint32_t count)
{
    std::uint32_t x = count;
    for (std::uint32_t i = 0; i < count; i++) {
        const std::uint8_t label = static_cast<std::uint8_t>(i * 7 % 10);
        labels.push_back(label);
        for (int k = 0; k < 28 * 28; k++) {
            x = x * 1664525u + 1013904223u;
            pixels.push_back(static_cast<std::uint8_t>(k / 56 - 2 == label ? 230 : x >> 27));
        }
    }
}

int main()
try {
    Image image = compile("colanet-tuned", "stoa-1-large");
    std::vector<std::uint8_t> pixels, labels;
    draw(pixels, labels, 1000);
    stoa_pictures pictures = {sizeof pictures, 1000, 28, 28, pixels.data(), labels.data(), "bars"};
    stoa_result *made;
    stoa_diagnostics *said;
    check(stoa_learn(image.get(), &pictures, nullptr, nullptr, &said), said);
    pictures.count = 200;
    check(stoa_ask(image.get(), &pictures, nullptr, &made, &said), said);
    Result result(made);
    std::printf("%.1f %% right\n", 100 * stoa_result_about(made)->accuracy);
    return stoa_result_about(made)->accuracy > 0.5 ? 0 : 1;
} catch (const std::exception &e) {
    std::fputs(e.what(), stderr);
    return 1;
}
