# The __main__ idiom and what a program knows of itself.
def main():
    print("running as", __name__)


if __name__ == "__main__":
    main()
print(__file__.split("/")[-1])
