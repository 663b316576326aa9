# install.mk - what goes where on a system: make install, make uninstall; prefix and DESTDIR as everybody has them.
#
# An installed command or library finds networks, fabrics and experiments from where it lies itself (lib/shipped.h), so the
# tree may be moved as a whole.

prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
libdir     ?= $(prefix)/lib
includedir ?= $(prefix)/include
datadir    ?= $(prefix)/share
mandir     ?= $(datadir)/man
docdir     ?= $(datadir)/doc/stoa
PYTHON     ?= /usr/bin/python3
# Where Debian's Python looks for modules below this prefix.
pythondir  ?= $(prefix)/lib/$(if $(filter /usr,$(prefix)),python3,$(shell $(PYTHON) -c \
                'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null || echo python3))/dist-packages
INSTALL    ?= install
PAGES      := $(B)/pages

.PHONY: install uninstall pages
pages: $(B)/stoa ## manual pages and completions, of what --help prints
	@sh packaging/pages/pages.sh $(B)/stoa $(PAGES) $(VERSION) $(datadir)/stoa

# Each line: what, to where, with which mode. The one list for install and uninstall.
SHIPPED_NETLISTS := $(wildcard netlists/*/*.yaml netlists/*/*/*.csv)
define INSTALLED
$(B)/stoa $(bindir)/stoa 755
$(SHARED_LIB) $(libdir)/libstoa.so.$(VERSION) 644
$(B)/public/libstoa.a $(libdir)/libstoa.a 644
$(B)/stoa.pc $(libdir)/pkgconfig/stoa.pc 644
include/stoa.h $(includedir)/stoa.h 644
$(PAGES)/stoa.bash $(datadir)/bash-completion/completions/stoa 644
$(PAGES)/_stoa $(datadir)/zsh/vendor-completions/_stoa 644
$(PAGES)/stoa.fish $(datadir)/fish/vendor_completions.d/stoa.fish 644
$(foreach f,$(SHIPPED_NETLISTS),$(f) $(datadir)/stoa/$(f) 644$(newline))
$(foreach f,$(wildcard rules/*.rule),$(f) $(datadir)/stoa/$(f) 644$(newline))
$(foreach f,$(wildcard python/stoa/*.py) python/stoa/py.typed,$(f) $(pythondir)/$(f:python/%=%) 644$(newline))
$(foreach f,README.md CHANGELOG.md $(wildcard docs/*.md),$(f) $(docdir)/$(notdir $(f)) 644$(newline))
$(foreach f,$(wildcard examples/*) $(wildcard python/examples/*),$(f) $(docdir)/examples/$(notdir $(f)) 644$(newline))
endef
define newline


endef

# Written out with the list of pages, which only the command knows.
$(B)/installed: pages lib
	@sed -e 's,@prefix@,$(prefix),; s,@libdir@,$(libdir:$(prefix)/%=$${prefix}/%),; s,@includedir@,$(includedir:$(prefix)/%=$${prefix}/%),; s,@version@,$(VERSION),; s,@libs@,$(LIBS),' \
	  lib/stoa.pc.in > $(B)/stoa.pc
	$(file >$@.list,$(INSTALLED))
	@{ grep . $@.list; for f in $(PAGES)/*.1; do echo "$$f $(mandir)/man1/$${f##*/} 644"; done; } > $@

install: all $(B)/installed ## install the command, library, header, Python package, manuals; prefix=/usr/local DESTDIR=
	@while read -r from to mode; do \
	  $(INSTALL) -D -m $$mode $$from "$(DESTDIR)$$to" || exit; done < $(B)/installed
	@ln -sf libstoa.so.$(VERSION) "$(DESTDIR)$(libdir)/$(SONAME)"
	@ln -sf $(SONAME) "$(DESTDIR)$(libdir)/libstoa.so"
	@echo "installed below $(DESTDIR)$(prefix); \`ldconfig\` makes a library in a new place known"

uninstall: $(B)/installed ## take away what install has put there, and its folders
	@while read -r from to mode; do rm -f "$(DESTDIR)$$to"; done < $(B)/installed
	@rm -f "$(DESTDIR)$(libdir)/$(SONAME)" "$(DESTDIR)$(libdir)/libstoa.so"
	@rm -rf "$(DESTDIR)$(pythondir)/stoa/__pycache__"
	@for ours in "$(DESTDIR)$(datadir)/stoa" "$(DESTDIR)$(docdir)" "$(DESTDIR)$(pythondir)/stoa"; do \
	  if [ -d "$$ours" ]; then find "$$ours" -depth -type d -empty -delete; fi; done
