# lib.mk - the library as others link it: a shared object with versions of its symbols, an archive that shows no others,
# a file for pkg-config; what is written against the header and run against the installed tree.
#
# ABI counts what breaks programs that are linked already; it is in the shared object's name.

ABI    := 0
SHOWN  := lib/libstoa.map
SONAME := libstoa.so.$(ABI)
SHARED_LIB := $(B)/libstoa.so.$(VERSION)

.PHONY: lib
lib: $(B)/libstoa.so $(B)/public/libstoa.a ## build the library: shared, static, and its file for pkg-config

$(SHARED_LIB): $(LIB_OBJ) $(SHOWN)
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=$(SHOWN) $(LIB_OBJ) $(LIBS) -o $@
$(B)/$(SONAME): $(SHARED_LIB)
	@ln -sf $(<F) $@
$(B)/libstoa.so: $(B)/$(SONAME)
	@ln -sf $(<F) $@

# One object in which all that the map does not list is local: names of the house do not meet those of a program.
$(B)/public/libstoa.a: $(LIB_OBJ) $(SHOWN)
	@mkdir -p $(@D)
	@echo "  AR    $@"
	@sed -n 's/^ *\(stoa_[a-z_]*\);$$/\1/p' $(SHOWN) > $(@D)/shown
	@$(LD) -r $(LIB_OBJ) -o $(@D)/libstoa.o
	@objcopy --keep-global-symbols=$(@D)/shown $(@D)/libstoa.o
	@rm -f $@ && ar rcs $@ $(@D)/libstoa.o
