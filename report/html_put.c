#include "html.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

struct st_spread st_spread_of(const double *values, uint32_t count)
{
    struct st_spread s = {NAN, NAN, NAN};
    double sum = 0;
    for (uint32_t i = 0; values && i < count; i++) {
        sum += values[i];
        s.lowest = i == 0 || values[i] < s.lowest ? values[i] : s.lowest;
        s.highest = i == 0 || values[i] > s.highest ? values[i] : s.highest;
        s.mean = sum / (i + 1);
    }
    return s;
}

void st_put_count(struct st_text *t, double n)
{
    char digits[64];
    if (!isfinite(n) || fabs(n) >= 1e18) {
        st_textf(t, "%.3g", n);
        return;
    }
    int length = snprintf(digits, sizeof digits, "%.0f", fabs(n));
    if (n < 0 && strcmp(digits, "0") != 0)
        st_text_put(t, "\xe2\x88\x92");
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            st_text_put(t, "\xe2\x80\xaf"); /* narrow no-break space */
        st_text_add(t, &digits[i], 1);
    }
}

void st_put_short(struct st_text *t, double x)
{
    double size = fabs(x);
    if (size >= 99.95 || size == floor(size)) /* what is whole has no decimals */
        st_put_count(t, x);
    else
        st_textf(t, size >= 9.995 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.2g", x);
}

void st_put_percent(struct st_text *t, double share, int digits)
{
    if (isfinite(share))
        st_textf(t, "%.*f\xe2\x80\xaf%%", digits, 100 * share);
    else
        st_text_put(t, "\xe2\x80\x93");
}

static void put_scaled(struct st_text *t, double x, const char *const *units, int count)
{
    int unit = 0;
    for (; unit + 1 < count && fabs(x) >= 999.5; unit++)
        x /= 1000;
    st_put_short(t, x);
    st_textf(t, "\xc2\xa0%s", units[unit]);
}

double st_round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    double lead = least / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

void st_put_energy(struct st_text *t, double pj)
{
    static const char *const units[] = {"pJ", "nJ", "\xc2\xb5J", "mJ", "J"};
    put_scaled(t, pj, units, 5);
}

void st_put_time(struct st_text *t, double ns)
{
    static const char *const units[] = {"ns", "\xc2\xb5s", "ms", "s"};
    put_scaled(t, ns, units, 4);
}

static double limited(double share) { return share > 1 ? 1 : share > 0 ? share : 0; }

void st_put_bar(struct st_text *t, double share)
{
    st_textf(t, "<span class=\"bar%s\"><i style=\"width:%.2f%%\"></i></span>", share > 1 ? " over" : "",
             100 * limited(share));
}

void st_put_bars(struct st_text *t, const double *shares, uint32_t count)
{
    st_text_put(t, "<span class=\"bar\">");
    for (uint32_t i = 0; i < count; i++)
        st_textf(t, "<i class=\"b%u\" style=\"width:%.2f%%\"></i>", i, 100 * limited(shares[i]));
    st_text_put(t, "</span>");
}

static void put_base64(struct st_text *t, const uint8_t *bytes, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char out[4096];
    size_t n = 0;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t three =
            (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0u);
        out[n++] = letters[three >> 18];
        out[n++] = letters[three >> 12 & 63];
        out[n++] = left > 1 ? letters[three >> 6 & 63] : '=';
        out[n++] = left > 2 ? letters[three & 63] : '=';
        if (n == sizeof out) {
            st_text_add(t, out, n);
            n = 0;
        }
    }
    st_text_add(t, out, n);
}

static void put_picture(struct st_page *p, const uint8_t *pixels, uint32_t width, uint32_t height,
                        const struct st_palette *palette, uint32_t zoom, const char *alt, const char *more)
{
    size_t length;
    uint8_t *png = st_png(p->arena, pixels, width, height, palette, &length);
    st_textf(p->t, "<img class=\"px%s\" width=\"%u\" height=\"%u\" alt=\"", more, width * zoom, height * zoom);
    st_text_html(p->t, alt);
    st_text_put(p->t, "\" src=\"data:image/png;base64,");
    put_base64(p->t, png, length);
    st_text_put(p->t, "\" />");
}

void st_put_picture(struct st_page *p, const uint8_t *pixels, uint32_t width, uint32_t height,
                    const struct st_palette *palette, uint32_t zoom, const char *alt)
{
    put_picture(p, pixels, width, height, palette, zoom, alt, "");
}

void st_put_picture_of_step(struct st_page *p, const uint8_t *pixels, uint32_t width, uint32_t height,
                            const struct st_palette *palette, uint32_t zoom, const char *alt, uint32_t step)
{
    put_picture(p, pixels, width, height, palette, zoom, alt, st_arena_printf(p->arena, " step-%u", step));
}

void st_put_head(struct st_text *t)
{
    st_text_put(t,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
                "<meta name=\"color-scheme\" content=\"light dark\" />\n" /* nothing from outside, whatever it says */
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                "style-src 'unsafe-inline'; script-src 'unsafe-inline'\" />\n<title>");
}

void st_put_body(struct st_text *t, bool sided)
{
    st_text_put(t, "</title>\n<style>\n");
    st_text_put(t, st_html_style);
    st_textf(t, "</style>\n</head>\n<body%s>\n<header>\n<h1>", sided ? " class=\"sided\"" : "");
}

void st_put_end(struct st_text *t)
{
    st_text_put(t, "</footer>\n<script>\n//<![CDATA[\n");
    st_text_put(t, st_html_script);
    st_text_put(t, "//]]>\n</script>\n</body>\n</html>\n");
}

void st_put_section(struct st_text *t, const char *id, const char *title, enum st_layout layout)
{
    static const char *const classes[] = {"", " class=\"columns\"", " class=\"half\""};
    st_textf(t, "<section id=\"%s\"%s>\n<h2>%s</h2>\n", id, classes[layout], title);
}

void st_put_section_end(struct st_text *t) { st_text_put(t, "</section>\n"); }
