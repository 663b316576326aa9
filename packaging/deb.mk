# deb.mk - Debian packages: make deb. The source as git knows it, with packaging/debian in its place, goes to build/deb and is
# built there; the packages lie beside it.

DEB := build/deb
.PHONY: deb deb-test
deb: deps-package ## Debian packages (tool, library, dev, Python, doc) into build/deb, checked by lintian
	@rm -rf $(DEB) && mkdir -p $(DEB)/stoa-$(VERSION)
	@git ls-files -z | grep -zv '^tests/\|^\.ci' | tar cf - --null -T - | tar xf - -C $(DEB)/stoa-$(VERSION)
	@cp -r packaging/debian $(DEB)/stoa-$(VERSION)/debian
	@sed -e 's/@version@/$(VERSION)/; s/@date@/$(shell date -u -R -d @$$(git log -1 --format=%ct))/' packaging/debian/changelog.in \
	  > $(DEB)/stoa-$(VERSION)/debian/changelog
	@sed -n 's/^ *\(stoa_[a-z_]*\);$$/ \1@STOA_0.2 0.2.0/p' $(SHOWN) | \
	  { echo 'libstoa.so.$(ABI) libstoa$(ABI) #MINVER#'; echo ' STOA_0.2@STOA_0.2 0.2.0'; cat; } \
	  > $(DEB)/stoa-$(VERSION)/debian/libstoa$(ABI).symbols
	@cd $(DEB)/stoa-$(VERSION) && dpkg-buildpackage -us -uc -b -j2 > ../build.log 2>&1 || { tail -20 ../build.log; exit 1; }
	@cd $(DEB) && lintian --fail-on error,warning --suppress-tags bogus-mail-host,initial-upload-closes-no-bugs *.changes
	@cd $(DEB) && ls *.deb

deb-test: deb ## install them in a clean Debian 12, do what a user does there, and take them away again
	@sh packaging/deb-test.sh $(DEB)
