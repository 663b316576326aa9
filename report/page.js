/* page.js - what the page does when it is touched. Everything it says is there without it, too: this only lets one look
 * closer. The drawings are html_*.c's; here are the three things that move:
 *
 *     tips      what a part of a drawing is, beside the pointer, a finger or the keyboard's place
 *     raster    wheel, drag, pinch, buttons and keys:  x' = LEFT + (x - LEFT) * sx * k - dx,  y' = y0 + (y - y0) * k - dy
 *     through   a slider over what was kept of learning: one page of the album is shown large
 *
 * No address, no library, no storage. */
'use strict';
(function () {
    const all = (what, within) => Array.from((within || document).querySelectorAll(what));
    const between = (x, low, high) => Math.min(Math.max(x, low), high);
    const button = (text, about, act) => {
        const b = document.createElement('button');
        b.type = 'button';
        b.textContent = text;
        b.setAttribute('aria-label', about);
        b.title = about;
        b.addEventListener('click', act);
        return b;
    };

    /* --- tips ---------------------------------------------------------------------------------------------- */

    const tip = document.createElement('div');
    tip.className = 'tip';
    tip.setAttribute('role', 'status');
    tip.hidden = true;
    document.body.append(tip);

    /* The browser's own tip comes late, and never to a finger. */
    for (const title of all('svg title')) {
        const of = title.parentNode;
        of.setAttribute('data-tip', title.textContent);
        of.setAttribute('aria-label', title.textContent);
        title.remove();
    }
    function point(of, x, y) {
        tip.hidden = !of;
        if (!of)
            return;
        tip.textContent = of.getAttribute('data-tip');
        const wide = document.documentElement.clientWidth - tip.offsetWidth - 8;
        tip.style.left = between(x + 14, 8, Math.max(wide, 8)) + 'px';
        tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18) + 'px';
    }
    const below = e => e.target.closest ? e.target.closest('[data-tip]') : null;
    document.addEventListener('pointermove', e => point(below(e), e.clientX, e.clientY));
    document.addEventListener('pointerdown', e => point(below(e), e.clientX, e.clientY));
    document.addEventListener('scroll', () => point(null), {capture: true, passive: true});

    /* --- raster -------------------------------------------------------------------------------------------- */

    const CLOSEST = 64, STEP = 1.5, RIGHT = 4;

    function raster(box) {
        const svg = box.querySelector('svg'), plot = box.querySelector('.plot'), inside = box.querySelector('.inside');
        const [LEFT, TOP, WIDE, HIGH, ticks] =
            ['left', 'top', 'wide', 'high', 'ticks'].map(k => Number(svg.getAttribute('data-' + k)));
        const bands = all('.band', plot), axis = box.querySelector('.axis'), marks = box.querySelector('.at-x');
        const heights = all('.at-y text', box).map(e => ({e, y: Number(e.getAttribute('y'))}));
        const bare = marks.firstElementChild.cloneNode(false), foot = Number(bare.getAttribute('y'));
        const seen = document.createElement('output'), tools = document.createElement('div');
        const at = {k: 1, x: 0, y: 0};
        let wide = WIDE;

        function draw() {
            at.k = between(at.k, 1, CLOSEST);
            at.x = between(at.x, 0, wide * (at.k - 1));
            at.y = between(at.y, 0, HIGH * (at.k - 1));
            const sx = wide / WIDE * at.k, full = LEFT + wide + RIGHT;
            svg.setAttribute('viewBox', '0 0 ' + full + ' ' + svg.viewBox.baseVal.height);
            svg.setAttribute('width', full);
            inside.setAttribute('width', wide);
            plot.setAttribute('transform', 'matrix(' + [sx, 0, 0, at.k, LEFT - at.x - LEFT * sx,
                                                        TOP - at.y - TOP * at.k].join(' ') + ')');
            for (const t of heights) {
                const y = TOP + (t.y - TOP) * at.k - at.y;
                t.e.setAttribute('y', y);
                t.e.setAttribute('visibility', y > TOP - 14 && TOP + HIGH + 5 > y ? 'visible' : 'hidden');
            }
            const each = wide * at.k / ticks, step = Math.max(1, Math.ceil(34 / each)), list = [];
            const first = Math.floor(at.x / each), last = Math.min(ticks, Math.ceil((at.x + wide) / each));
            for (let t = Math.ceil(first / step) * step; last > t; t += step) {
                const x = LEFT + (t + 0.5) * each - at.x;
                if (LEFT > x || x > LEFT + wide)
                    continue;
                const e = bare.cloneNode(false);
                e.setAttribute('x', x);
                e.setAttribute('y', foot);
                e.textContent = t;
                list.push(e);
            }
            marks.replaceChildren(...list);
            axis.setAttribute('x', LEFT + wide / 2);
            /* what a finger does here belongs to the page until there is something to move */
            svg.style.touchAction = at.k > 1 ? 'none' : 'pan-x pan-y';
            seen.textContent = at.k > 1
                ? '\u00d7' + at.k.toFixed(1) + ', ticks ' + first + ' to ' + (last - 1) : 'all ' + ticks + ' ticks';
        }
        /* k times closer, what lies at (x, y) stays there */
        function zoom(by, x, y) {
            const before = at.k;
            at.k = between(at.k * by, 1, CLOSEST);
            at.x = (at.x + x - LEFT) * at.k / before - (x - LEFT);
            at.y = (at.y + y - TOP) * at.k / before - (y - TOP);
            draw();
        }
        const middle = by => zoom(by, LEFT + wide / 2, TOP + HIGH / 2);
        const move = (dx, dy) => { at.x += dx; at.y += dy; draw(); };
        const whole = () => { at.k = 1; draw(); };
        function place(e) {
            const r = svg.getBoundingClientRect(), s = (LEFT + wide + RIGHT) / r.width;
            return [(e.clientX - r.left) * s, (e.clientY - r.top) * s];
        }
        /* Which tick and neuron lie there. */
        function name(x, y) {
            const px = (x - LEFT + at.x) / (wide * at.k), py = TOP + (y - TOP + at.y) / at.k;
            if (0 > px || px >= 1)
                return null;
            for (const b of bands) {
                const of = k => Number(b.getAttribute('data-' + k));
                const n = Math.floor((py - of('top')) / of('each'));
                if (0 > n || n >= of('count'))
                    continue;
                let text = b.getAttribute('data-name') + ' ' + n;
                const starts = (b.getAttribute('data-starts') || '').split(' ').map(Number);
                if (starts.length > 1) {
                    const c = starts.findLastIndex(s => n >= s);
                    text += ': column ' + c + ', microcolumn ' + (n - starts[c]);
                }
                return 'tick ' + Math.floor(px * ticks) + ', ' + text;
            }
            return null;
        }

        const down = new Map();
        svg.addEventListener('pointerdown', e => {
            svg.setPointerCapture(e.pointerId);
            down.set(e.pointerId, place(e));
        });
        svg.addEventListener('pointermove', e => {
            const now = place(e), before = down.get(e.pointerId);
            if (!before) {
                const what = name(now[0], now[1]);
                if (what)
                    svg.setAttribute('data-tip', what);
                else
                    svg.removeAttribute('data-tip');
                return;
            }
            if (down.size > 1) {
                const other = Array.from(down).find(([id]) => id !== e.pointerId)[1];
                const apart = p => Math.max(Math.hypot(p[0] - other[0], p[1] - other[1]), 1);
                zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
                move((before[0] - now[0]) / 2, (before[1] - now[1]) / 2);
            } else {
                move(before[0] - now[0], before[1] - now[1]);
            }
            down.set(e.pointerId, now);
        });
        for (const end of ['pointerup', 'pointercancel'])
            svg.addEventListener(end, e => down.delete(e.pointerId));
        /* two fingers are ours from the start */
        svg.addEventListener('touchmove', e => { if (e.touches.length > 1) e.preventDefault(); }, {passive: false});
        /* A wheel scrolls the page as everywhere, until one has turned to the raster. */
        svg.addEventListener('wheel', e => {
            if (!e.ctrlKey && !e.metaKey && document.activeElement !== box)
                return;
            e.preventDefault();
            zoom(Math.pow(1.002, -between(e.deltaY, -300, 300)), ...place(e));
        }, {passive: false});
        svg.addEventListener('dblclick', e => zoom(STEP * STEP, ...place(e)));
        const keys = {
            '+': () => middle(STEP), '=': () => middle(STEP), '-': () => middle(1 / STEP), '0': whole,
            ArrowLeft: () => move(-60, 0), ArrowRight: () => move(60, 0),
            ArrowUp: () => move(0, -60), ArrowDown: () => move(0, 60)
        };
        box.addEventListener('keydown', e => {
            if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey)
                return;
            if (e.key.startsWith('Arrow') && at.k === 1)
                return;
            e.preventDefault();
            keys[e.key]();
        });
        box.addEventListener('pointerdown', () => box.focus({preventScroll: true}));

        tools.className = 'tools';
        tools.append(button('\u2212', 'show more', () => middle(1 / STEP)), button('+', 'look closer', () => middle(STEP)),
                     button('all', 'show all', whole), seen);
        const scroll = box.querySelector('.scroll');
        scroll.before(tools);
        box.tabIndex = 0;
        box.setAttribute('aria-label', 'raster: plus, minus and 0 zoom, arrows move');
        new ResizeObserver(() => {
            const room = scroll.clientWidth - LEFT - RIGHT;
            if (room > 60 && Math.abs(room - wide) >= 1) {
                at.x *= room / wide;
                wide = room;
            }
            draw();
        }).observe(scroll);
        /* on paper all of it, as wide as it was drawn */
        addEventListener('beforeprint', () => { whole(); });
    }
    all('.zoom').forEach(raster);

    /* --- through learning ---------------------------------------------------------------------------------- */

    function through(box) {
        const said = all('.said li', box), steps = said.length;
        const shown = all('[data-step]').filter(e => !box.contains(e));
        const range = document.createElement('input'), tools = document.createElement('div');
        const stage = box.querySelector('.stage');
        let timer = 0;

        function show(i) {
            range.value = i;
            range.setAttribute('aria-valuetext', said[i].textContent);
            said.forEach((e, k) => { e.hidden = k !== i; });
            for (const e of shown)
                e.classList.toggle('now', Number(e.getAttribute('data-step')) === i);
            stage.replaceChildren(...all('img.step-' + i).map(e => {
                const large = e.cloneNode(false);
                large.removeAttribute('width');
                large.removeAttribute('height');
                return large;
            }));
        }
        const stop = () => { clearInterval(timer); timer = 0; play.textContent = '\u25b6'; };
        const go = by => { stop(); show(between(Number(range.value) + by, 0, steps - 1)); };
        const play = button('\u25b6', 'play', () => {
            if (timer) {
                stop();
                return;
            }
            if (Number(range.value) === steps - 1)
                show(0);
            play.textContent = '\u275a\u275a';
            timer = setInterval(() => {
                show(Math.min(Number(range.value) + 1, steps - 1));
                if (Number(range.value) === steps - 1)
                    stop();
            }, 900);
        });
        range.type = 'range';
        range.min = 0;
        range.max = steps - 1;
        range.step = 1;
        range.setAttribute('aria-label', 'step of learning');
        range.addEventListener('input', () => { stop(); show(Number(range.value)); });
        tools.className = 'tools';
        tools.append(button('\u2039', 'the step before', () => go(-1)), range, button('\u203a', 'the next step', () => go(1)),
                     play);
        box.prepend(tools);
        box.classList.add('live');
        show(steps - 1);
    }
    all('.through').forEach(through);
})();
