/** Tells when something begins to be wrong: once, until it was right again in between. */
export class Alarm {
  #isRaised = false;

  /**
   * @param isRight by default what is not wrong; where figures tremble, further off than that.
   * @returns true when it is to be said now.
   */
  observe(isWrong: boolean, isRight = !isWrong): boolean {
    const isNew = isWrong && !this.#isRaised;
    if (isWrong) this.#isRaised = true;
    else if (isRight) this.#isRaised = false;
    return isNew;
  }
}
