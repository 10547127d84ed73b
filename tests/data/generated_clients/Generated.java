package javax.annotation;

/** What the generated classes are marked with; Java has not had it since version 11. */
public @interface Generated {
  String[] value();

  String date() default "";

  String comments() default "";
}
