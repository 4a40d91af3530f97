package io.quorate.build;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What other classes can see of a class: all but the code, and what is private or made by the compiler. */
record Shape(String members, String constants) {

    /** Of the class in a class file. */
    static Shape of(byte[] classFile) {
        ClassFile context = ClassFile.of(ClassFile.ConstantPoolSharingOption.NEW_POOL);
        ClassModel model = context.parse(classFile);
        byte[] visible = context.transformClass(
                model,
                ClassTransform.dropping(Shape::isHidden).andThen(ClassTransform.transformingMethods((method, part) -> {
                    if (!(part instanceof CodeModel)) {
                        method.with(part);
                    }
                })));
        String nested = model.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(attribute -> attribute.classes().stream())
                .filter(inner -> inner.outerClass()
                        .map(ClassEntry::asInternalName)
                        .equals(Optional.of(model.thisClass().asInternalName())))
                .map(inner -> inner.innerClass().asInternalName() + inner.flagsMask())
                .sorted()
                .collect(Collectors.joining(","));
        return new Shape(Arrays.hashCode(visible) + "/" + visible.length + nested, constants(model));
    }

    private static String constants(ClassModel model) {
        TreeSet<String> constants = new TreeSet<>();
        for (FieldModel field : model.fields()) {
            if (isVisible(field.flags())) {
                field.findAttribute(Attributes.constantValue())
                        .ifPresent(value -> constants.add(field.fieldName() + "=" + value.constant()));
            }
        }
        return constants.toString();
    }

    private static boolean isHidden(ClassElement element) {
        return switch (element) {
            case FieldModel field -> !isVisible(field.flags());
            case MethodModel method -> !isVisible(method.flags());
            case SourceFileAttribute source -> true;
            case InnerClassesAttribute inner -> true;
            case NestMembersAttribute members -> true;
            default -> false;
        };
    }

    private static boolean isVisible(AccessFlags flags) {
        return (flags.flagsMask() & (ClassFile.ACC_PRIVATE | ClassFile.ACC_SYNTHETIC)) == 0;
    }

    /** Whether the class in a class file has constants that the compiler copies into others. */
    static boolean hasConstants(byte[] classFile) {
        return !constants(ClassFile.of().parse(classFile)).equals("[]");
    }

    /** Names of the class that a class extends and of the interfaces that it implements. */
    static List<String> supertypes(byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        return Stream.concat(model.superclass().stream(), model.interfaces().stream())
                .map(ClassEntry::asInternalName)
                .toList();
    }

    /** Name of the source that a class was compiled from, or an empty one. */
    static String source(byte[] classFile) {
        return ClassFile.of()
                .parse(classFile)
                .findAttribute(Attributes.sourceFile())
                .map(attribute -> attribute.sourceFile().stringValue())
                .orElse("");
    }
}
