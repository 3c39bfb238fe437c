/* main.c: the rest of the application, which goes on whatever Python does. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

int main(void) {
    k_msleep(3000); /* Python is done by then, and has its prompt */
    printk("the application runs on\n");
    return 0;
}
